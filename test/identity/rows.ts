// A table of edits as tests: exactly the tasks that must rerun do, and every result is the one that a build without any
// older result gives. Knows no edit.
import test, { type ExecutionContext } from 'ava';
import { afterEdit, type Edit } from './ground.ts';

/** Declares one test for each row. */
export function testEdits(edits: readonly Edit[]): void {
	for (const edit of edits) test(edit.title, (t) => holds(t, edit));
}

async function holds(t: ExecutionContext, edit: Edit): Promise<void> {
	const { after, fresh } = await afterEdit(edit);
	t.deepEqual(after.rows, fresh.rows, 'results that are not those of the present code');
	t.deepEqual(after.ran, edit.reruns);
}

/** An edit after which the project is refused, or a project that is refused without any, with what to do. */
export interface Refusal extends Omit<Edit, 'reruns'> {
	readonly message: RegExp;
}

/** Declares one test for each refusal. */
export function testRefusals(refusals: readonly Refusal[]): void {
	for (const { title, message, ...edit } of refusals) {
		test(title, async (t) => {
			await t.throwsAsync(afterEdit({ title, reruns: {}, ...edit }), { name: 'UserError', message });
		});
	}
}

// What scanmake promises, in its simplest form: a task runs unless one with the same code, parameters and inputs has
// succeeded before. No bundles, sweeps or states; `model.test.ts` holds the engine against it.

/** A rule of the model; `code` gives its result and stands for itself. */
export interface ModelRule {
	readonly name: string;
	readonly code: string;
	readonly sets: readonly Readonly<Record<string, number>>[];
	/** An upstream rule: of `one`, the task that agrees on shared names; of `group`, all tasks that do, in order. */
	readonly from: { readonly rule: string; readonly take: 'one' | 'group' } | undefined;
}

/** The result of a task; undefined: it fails. */
export type Compute = (
	code: string,
	params: Readonly<Record<string, number>>,
	inputs: readonly string[],
) => string | undefined;

/** Tasks that run, in a world in which the tasks of `done` (key → result) have succeeded; adds those that succeed now. */
export function modelBuild(rules: readonly ModelRule[], done: Map<string, string>, compute: Compute): string[] {
	const ran: string[] = [];
	const results = new Map<string, (string | undefined)[]>();
	const tried = new Map<string, string | undefined>(done);
	for (const { name, code, sets, from } of rules) {
		const upstream = rules.find((rule) => rule.name === from?.rule);
		const ended = sets.map((params) => {
			const agrees = (other: Readonly<Record<string, number>>) =>
				Object.entries(other).every(([key, value]) => !(key in params) || params[key] === value);
			const members = (upstream?.sets ?? []).flatMap((set, i) => (agrees(set) ? [{ set, i }] : []));
			const inputs = members.map(({ i }) => results.get(from?.rule ?? '')?.[i]);
			if (inputs.includes(undefined)) return undefined;
			const rows = from?.take === 'group' ? members.map(({ set }) => set) : [];
			const key = JSON.stringify([
				code,
				Object.entries(params).sort(),
				rows.map((set) => Object.entries(set).sort()),
				inputs,
			]);
			if (!tried.has(key)) {
				ran.push(`${name} ${JSON.stringify(params)}`);
				tried.set(key, compute(code, params, inputs as string[]));
			}
			const result = tried.get(key);
			if (result !== undefined) done.set(key, result);
			return result;
		});
		results.set(name, ended);
	}
	return ran.sort();
}

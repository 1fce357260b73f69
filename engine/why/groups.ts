// Tasks with the same causes, counted together: numbers of rows are summed and names of files listed, so that tasks which
// differ only in their parameters are one group. Knows nothing of what is compared.
import type { Layout } from '../../rules/space.ts';
import { State, stateOf, type TaskTable } from '../tasks.ts';
import type { Cause, Sets } from './cause.ts';
import { describedSets } from './described.ts';

/** Causes of one task beside those that its rule's tasks have in common. */
export interface Own {
	readonly causes: readonly Cause[];
	readonly likeness: string;
	/** Its parameter set was not there before: what else has changed did not make it run. */
	readonly isNew?: boolean;
}

/** Tasks with the same causes. */
export interface Group {
	readonly state: State;
	readonly tasks: readonly number[];
	readonly causes: readonly Cause[];
	readonly likeness: string;
	readonly isNew: boolean;
	/** Which they are; not said of small groups where there are many. */
	readonly sets: Sets | undefined;
}

/** Groups the tasks of a table that are meant. */
export type Gatherer = (
	table: TaskTable,
	isMeant: (task: number) => boolean,
	ownCauses: (task: number) => Own,
) => readonly Group[];

const mostDescribed = 16;
const filesNamed = 3;

/** Groups tasks whose parameter sets are rows of `layout`: the largest first, waiting ones last. */
export function gatherer(layout: Layout): Gatherer {
	return (table, isMeant, ownCauses) => {
		const groups = new Map<string, Gathered>();
		// most tasks have the causes of the one before
		let last: Gathered | undefined;
		for (let task = 0; task < table.size; task++) {
			if (!isMeant(task)) continue;
			const state = stateOf(table, task);
			const own = ownCauses(task);
			if (last === undefined || last.state !== state || last.likeness !== own.likeness) {
				const name = `${state} ${own.likeness}`;
				last = groups.get(name) ?? gathered(state, own);
				groups.set(name, last);
			}
			last.tasks.push(task);
			if (last.isSummed) add(last, own.causes);
		}
		return [...groups.values()]
			.sort((a, b) => Number(isWaiting(a)) - Number(isWaiting(b)) || b.tasks.length - a.tasks.length)
			.map(({ state, tasks, causes, likeness, isNew, files }, at) => ({
				...{ state, tasks, likeness, isNew },
				causes: files === undefined ? causes : causes.map((cause, of) => withFiles(cause, files[of])),
				sets: at < mostDescribed ? setsOf(layout, tasks) : undefined,
			}));
	};
}

interface Gathered {
	readonly state: State;
	readonly tasks: number[];
	readonly likeness: string;
	readonly isNew: boolean;
	/** Some of its causes are added up over its tasks. */
	readonly isSummed: boolean;
	/** By cause, the files that it names. */
	readonly files: readonly (Set<string> | undefined)[] | undefined;
	causes: readonly Cause[];
}

const isWaiting = ({ state }: Gathered): boolean => state === State.waiting;

function gathered(state: State, { causes, likeness, isNew = false }: Own): Gathered {
	const hasFiles = causes.some(({ kind }) => kind === 'file');
	const files = hasFiles ? causes.map(({ kind }) => (kind === 'file' ? new Set<string>() : undefined)) : undefined;
	const isSummed = hasFiles || causes.some(({ kind }) => kind === 'rows');
	const zero = (cause: Cause): Cause =>
		cause.kind === 'rows' ? { ...cause, changed: 0, added: 0, removed: 0 } : cause;
	return { state, tasks: [], likeness, isNew, isSummed, files, causes: causes.map(zero) };
}

function add(group: Gathered, causes: readonly Cause[]): void {
	group.causes = group.causes.map((cause, at) => {
		const other = causes[at];
		if (other?.kind === 'file') group.files?.[at]?.add(other.name);
		if (cause.kind !== 'rows' || other?.kind !== 'rows') return cause;
		const sum = (of: 'changed' | 'added' | 'removed') => cause[of] + other[of];
		return { ...cause, changed: sum('changed'), added: sum('added'), removed: sum('removed') };
	});
}

function withFiles(cause: Cause, files: ReadonlySet<string> | undefined): Cause {
	if (cause.kind !== 'file' || files === undefined || files.size < 2) return cause;
	const [first = cause.name, ...others] = files;
	const named = others.slice(0, filesNamed - 1);
	const { kind, how } = cause;
	return { kind, how, name: first, others: named, more: others.length - named.length };
}

function setsOf(layout: Layout, tasks: readonly number[]): Sets {
	if (tasks.length === layout.size && tasks.length > 1) return { count: tasks.length, isAll: true };
	const marked = new Uint8Array(layout.size);
	for (const task of tasks) marked[task] = 1;
	return describedSets(layout, marked);
}

/** The same for causes that are told as one. */
export function likenessOf(causes: readonly Cause[]): string {
	return causes.map(likenessOfOne).join();
}

function likenessOfOne(cause: Cause): string {
	if (cause.kind === 'rows') {
		const { name, changed, added, removed, isReordered } = cause;
		return `rows ${name} ${changed > 0} ${added > 0} ${removed > 0} ${isReordered}`;
	}
	if (cause.kind === 'file') return `file ${cause.how}`;
	return cause.kind === 'input' ? `input ${cause.name} ${cause.how}` : JSON.stringify(cause);
}

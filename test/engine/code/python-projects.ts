// Random Python projects: modules that import one another, declarations that refer to and change one another, and one function
// whose result shows what all that it reaches holds. Every number in the text stands for one that may be edited.
import type { Files } from './python-pairs.ts';

/** A number from 0 to below `size`, as a seeded source gives it. */
export type Pick = (size: number) => number;

/** Numbers that a seed decides (mulberry32). */
export function picker(seed: number): Pick {
	let state = seed >>> 0;
	return (size) => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * size);
	};
}

interface Known {
	readonly constants: string[];
	readonly tables: string[];
	readonly functions: string[];
	readonly classes: string[];
	readonly decorators: string[];
}

const numberMark = '%';

/** A project with three modules; `simulate` in model.py takes no argument. */
export function randomProject(pick: Pick): Files {
	const modules = ['third', 'second', 'model'];
	const exported = new Map<string, Known>();
	const files: Record<string, string> = {};
	for (const name of modules) {
		const { text, known } = randomModule(pick, exported, name);
		exported.set(name, known);
		files[`${name}.py`] = text;
	}
	return files;
}

function randomModule(pick: Pick, others: ReadonlyMap<string, Known>, module: string): { text: string; known: Known } {
	const known: Known = { constants: [], tables: [], functions: [], classes: [], decorators: [] };
	const lines: string[] = [];
	const one = (names: readonly string[]): string | undefined => names[pick(names.length)];
	for (const [name, there] of others) {
		if (pick(4) === 0) continue;
		lines.push(`import ${name}`);
		for (const kind of ['constants', 'tables', 'functions', 'classes', 'decorators'] as const) {
			for (const item of there[kind].filter((item) => !item.includes('.'))) {
				if (pick(3) === 0) continue;
				if (pick(2) === 0) known[kind].push(`${name}.${item}`);
				else {
					lines.push(`from ${name} import ${item} as ${name[0]}${item}`);
					known[kind].push(`${name[0]}${item}`);
				}
			}
		}
	}
	const expression = (): string => {
		const forms = [
			() => one(known.constants),
			() => one(known.tables),
			() => one(known.functions.map((name) => `${name}()`)),
			() => one(known.classes.map((name) => `${name}().show()`)),
			() => one(known.tables.map((name) => `[x for x in ${name}]`)),
			() => one(known.constants.map((name) => `(lambda y=${name}: y)()`)),
		];
		return forms[pick(forms.length)]?.() ?? numberMark;
	};
	const local = (names: readonly string[]) => names.filter((name) => !name.includes('.'));
	const size = 6 + pick(8);
	for (let index = 0; index < size; index++) {
		const [table, constant] = [one(known.tables), one(local(known.constants))];
		const forms: (() => string | undefined)[] = [
			() => `c${index} = ${numberMark}`,
			() => `c${index} = repr(${expression()})`,
			() => `t${index} = [${numberMark}]`,
			() => `def f${index}():\n    return repr(${expression()}) + repr(${expression()})`,
			() =>
				`class K${index}:\n    v = ${numberMark}\n    def show(self):\n        return repr(self.v) + repr(${expression()})`,
			() => table && `${table}.append(${numberMark})`,
			() => table && `${table} += [${numberMark}]`.replace(/^(\w+)\.(\w+)/, '$1.$2'),
			() => table && `def f${index}():\n    ${table}.append(${numberMark})\n    return ${numberMark}`,
			() => table && `a${index} = ${table}`,
			() => table && `a${index} = {"k": ${table}}["k"]`,
			() => one(known.functions.map((name) => `c${index} = ${name}()`)),
			() => one(known.functions.map((name) => `${name}()`)),
			() =>
				constant &&
				`def f${index}():\n    global ${constant}\n    ${constant} = ${numberMark}\n    return ${numberMark}`,
			() => constant && `def f${index}(x=${constant}):\n    ${constant} = x\n    return repr(${constant})`,
			() => one(known.classes.map((name) => `${name}.v = ${numberMark}`)),
			() => one(known.constants.filter((name) => name.includes('.')).map((name) => `${name} = ${numberMark}`)),
			() => table && `for row in [${table}]:\n    row.append(${numberMark})`,
			() =>
				table && `def f${index}():\n    held = [${table}]\n    held[0].append(${numberMark})\n    return ${numberMark}`,
			() =>
				one(
					known.functions.map(
						(name) =>
							`def d${index}(g):\n    ${name}()\n    return g\n@d${index}\ndef f${index}():\n    return ${numberMark}`,
					),
				),
			() =>
				table &&
				`class K${index}:\n    v = ${table}\n    v.append(${numberMark})\n    def show(self):\n        return repr(self.v)`,
			...decorating(index, known, one),
		];
		const text = forms[pick(forms.length)]?.();
		if (text === undefined) continue;
		lines.push(text);
		if (text.includes(`def f${index}(`) || text.startsWith(`f${index} `)) known.functions.push(`f${index}`);
		else if (text.startsWith(`def d${index}(`)) known.decorators.push(`d${index}`);
		if (text.startsWith('class ')) known.classes.push(`K${index}`);
		if (text.startsWith(`c${index} `)) known.constants.push(`c${index}`);
		if (text.startsWith(`t${index} `)) known.tables.push(`t${index}`);
		if (text.startsWith(`a${index} `)) known.tables.push(`a${index}`);
	}
	if (module === 'model') lines.push(`def simulate():\n    return repr(${expression()}) + repr(${expression()})`);
	return { text: `${lines.join('\n')}\n`, known };
}

/** Decorators that wrap, register, mark or take arguments, and what is under them. */
function decorating(
	index: number,
	known: Known,
	one: (names: readonly string[]) => string | undefined,
): (() => string | undefined)[] {
	const [table, decorator, other] = [one(known.tables), one(known.decorators), one(known.decorators)];
	const called = one(known.functions);
	const inner = `    def inner():\n        ${table ?? '[]'}.append(${numberMark})\n        return repr(g())`;
	const decorated = () => decorator && `@${decorator}\ndef f${index}():\n    return ${numberMark}`;
	return [
		() => `def d${index}(g):\n${inner}\n    return inner`,
		() => table && `def d${index}(g):\n    ${table}.append(g())\n    return g`,
		() => `def d${index}(g):\n    g.n = ${numberMark}\n    return g`,
		() => called && `def d${index}(g):\n    def inner():\n        return ${called}()\n    inner()\n    return inner`,
		() => called && `def d${index}(g):\n    return ${called}`,
		() => other && `def d${index}(g):\n    return ${other}(g)`,
		decorated,
		decorated,
		() => other && `@${other}\n${decorated()}`,
		() => decorator && called && `f${index} = ${decorator}(${called})`,
		() => decorator?.includes('.') && other && `${decorator} = ${other}`,
	].map((form) => () => form() || undefined);
}

/** The project with its numbers, and with one of them another. */
export function edited(files: Files, pick: Pick): readonly [Files, Files] {
	const counts = Object.values(files).map((text) => text.split(numberMark).length - 1);
	const chosen = pick(
		Math.max(
			1,
			counts.reduce((sum, count) => sum + count, 0),
		),
	);
	const filled = (other: number) => {
		let index = 0;
		const entries = Object.entries(files).map(([name, text]) => [
			name,
			text.replaceAll(numberMark, () => {
				const number = 100 + index;
				index += 1;
				return `${number - 100 === chosen ? number + other : number}`;
			}),
		]);
		return Object.fromEntries(entries) as Files;
	};
	return [filled(0), filled(500)];
}

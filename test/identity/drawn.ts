// Drawn projects of four modules and sixteen functions: as files, as the results they promise, and as what each rule can
// reach, found by the drawing's own call graph. Knows nothing of bundles and parsers.
import type { Files } from './ground.ts';

/** A function: it adds its number to what it reads and calls. */
export interface DrawnFunction {
	readonly module: number;
	readonly literal: number;
	readonly constant: number | undefined;
	readonly state: number | undefined;
	/** Functions with a higher number. */
	readonly calls: readonly number[];
	readonly isArrow: boolean;
	readonly comment: string;
}

/** A project: function 0 … 3 are run by rules, constants and states are top-level names, the latter may be changed. */
export interface Drawing {
	readonly functions: readonly DrawnFunction[];
	readonly constants: readonly number[];
	/** By state: what a statement of some module puts into it. */
	readonly changes: readonly ({ readonly module: number; readonly value: number } | undefined)[];
	/** Functions that nobody calls, and blank lines, by module. */
	readonly unrelated: readonly number[];
}

/** Which rules there are: those of the first functions. */
export const ruleCount = 4;
const modules = [0, 1, 2, 3];

/** The project's texts. */
export function filesOf(drawing: Drawing): Files {
	const states = drawing.changes.map((_, state) => `export const state${state} = { v: ${state + 1} };`);
	const rules = modules
		.slice(0, ruleCount)
		.map((i) => `r${i}: simulate({ over, run: (p: { x: number }) => f${i}(p.x) })`);
	const imports = modules.map((module) => `import * as module${module} from './m${module}.ts';`);
	const own = modules.slice(0, ruleCount).map((i) => `const f${i} = module${drawing.functions[i]?.module}.f${i};`);
	const scanfile = `import { grid, scan, simulate } from 'scanmake';
${imports.join('\n')}
${own.join('\n')}
const over = grid({ x: [1, 2] });
export const used = [${modules.map((module) => `module${module}.unused`)}];
export default scan({ ${rules.join(', ')} });
`;
	const texts = modules.map((module) => [`m${module}.ts`, moduleText(drawing, module)]);
	return { 'Scanfile.ts': scanfile, 'states.ts': states.join('\n'), ...Object.fromEntries(texts) };
}

function moduleText({ functions, constants, changes, unrelated }: Drawing, module: number): string {
	const own = functions.flatMap((drawn, number) => (drawn.module === module ? [number] : []));
	const imported = new Set(own.flatMap((number) => functions[number]?.calls ?? []));
	const lines = [...imported]
		.filter((number) => !own.includes(number))
		.map((number) => `import { f${number} } from './m${functions[number]?.module}.ts';`);
	const stated = changes.flatMap((change, state) =>
		change?.module === module || own.some((number) => functions[number]?.state === state) ? [state] : [],
	);
	lines.push(...stated.map((state) => `import { state${state} } from './states.ts';`));
	// Every module calls its constants by the same names: the bundler renames them.
	lines.push(...constants.map((value, i) => `const constant${i} = ${value};`));
	for (const number of own) lines.push(functionText(functions[number] as DrawnFunction, number));
	for (const [state, change] of changes.entries())
		if (change?.module === module) lines.push(`state${state}.v = ${change.value};`);
	lines.push(`export const unused = () => ${unrelated[module]};`, '\n'.repeat((unrelated[module] ?? 0) % 3));
	return lines.join('\n');
}

function functionText({ literal, constant, state, calls, isArrow, comment }: DrawnFunction, number: number): string {
	const terms = [`${literal * 100 + number}`, 'x'];
	if (constant !== undefined) terms.push(`constant${constant}`);
	if (state !== undefined) terms.push(`state${state}.v`);
	for (const call of calls) terms.push(`3 * f${call}(x + 1)`);
	const sum = `${comment === '' ? '' : `/* ${comment} */ `}(${terms.join(' + ')}) % 10007`;
	return isArrow
		? `export const f${number} = (x: number): number => ${sum};`
		: `export function f${number}(x: number): number {\n\treturn ${sum};\n}`;
}

/** What function `number` answers. */
export function answer(drawing: Drawing, number: number, x: number): number {
	const { literal, constant, state, calls } = drawing.functions[number] as DrawnFunction;
	let sum = literal * 100 + number + x;
	if (constant !== undefined) sum += drawing.constants[constant] ?? 0;
	if (state !== undefined) sum += drawing.changes[state]?.value ?? state + 1;
	for (const call of calls) sum += 3 * answer(drawing, call, x + 1);
	return sum % 10007;
}

/** Everything that function `number` can reach, as a text: equal texts are equal code. */
export function reachOf(drawing: Drawing, number: number): string {
	const reached = new Set([number]);
	for (const one of reached) for (const call of drawing.functions[one]?.calls ?? []) reached.add(call);
	const declarations = new Map<string, number>();
	const parts = [...reached]
		.sort((a, b) => a - b)
		.map((one) => {
			const { module, literal, constant, state, calls, isArrow } = drawing.functions[one] as DrawnFunction;
			const value = constant === undefined ? null : drawing.constants[constant];
			// Each module has its own: two functions of two modules read two constants, if of the same value. Which number
			// a constant has does not matter: the bundler gives such numbers too.
			const declaration = constant === undefined ? '' : `${module} ${constant}`;
			declarations.set(declaration, declarations.get(declaration) ?? declarations.size);
			const change = state === undefined ? null : (drawing.changes[state]?.value ?? null);
			return [one, literal, state ?? null, calls, isArrow, value, change, declarations.get(declaration)];
		});
	return JSON.stringify(parts);
}

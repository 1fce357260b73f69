// The Python functions of a scan's rules: when each is the same code, what a worker must know of it, and what is wrong
// with it, with file and line. Knows neither how code is read nor how it is run.
import { readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { suggestion } from '../../../rules/nearest.ts';
import type { PythonRecipe } from '../../../rules/recipe.ts';
import type { Rule } from '../../../rules/rule.ts';
import { digestBytes, fromHex } from '../../digest.ts';
import type { Complaint } from '../../errors.ts';
import type { PythonTarget } from '../../executors/executor.ts';
import { nameIn } from '../../project.ts';
import type { RuleIdentity } from '../identity.ts';
import type { Part } from '../reach.ts';
import { argumentProblems } from './arguments.ts';
import type { PythonCode, PythonRemark } from './ask.ts';
import type { Interpreter } from './interpreter.ts';
import type { PythonProject } from './project.ts';

/** Raised when identities are computed in another way, which reruns everything. */
const identityVersion = 1;

/** A Python rule as keys and workers need it. */
export interface PythonRule {
	readonly identity: RuleIdentity;
	readonly target: PythonTarget;
}

/** What the Python functions of a scan are. */
export interface PythonRules {
	/** By the rule's place; one with a problem is missing. */
	readonly rules: ReadonlyMap<number, PythonRule>;
	readonly warnings: readonly Complaint[];
	readonly problems: readonly Complaint[];
}

interface Asked {
	readonly place: number;
	readonly rule: Rule;
	readonly name: string;
	/** Full path. */
	readonly file: string;
}

/** Reads the functions of all rules at once. `siteOf` is where a rule is written. */
export async function pythonRules(
	rules: readonly Rule[],
	python: PythonProject,
	folder: string,
	siteOf: (rule: Rule) => Pick<Complaint, 'file' | 'line'> | undefined,
): Promise<PythonRules> {
	const problems: Complaint[] = [];
	const warnings: Complaint[] = [];
	const found = new Map<number, PythonRule>();
	const asked = rules.flatMap((rule, place): Asked[] => {
		const { recipe } = rule;
		if (recipe.kind !== 'python') return [];
		const file = resolve(folder, recipe.file);
		const wrong = wrongFile(recipe, file, folder);
		if (wrong === undefined) return [{ place, rule, name: recipe.name, file }];
		problems.push({ message: wrong, ...siteOf(rule) });
		return [];
	});
	const [first] = asked;
	if (first === undefined) return { rules: found, warnings, problems };
	const codes = await python.functions(asked);
	const interpreter = await python.interpreter();
	if (interpreter.kind !== 'found') warnings.push({ message: interpreter.message, ...siteOf(first.rule) });

	for (const [at, { place, rule, name, file }] of asked.entries()) {
		const code = codes[at];
		if (code === undefined) continue;
		const said = (remark: PythonRemark) => complaintOf(remark, folder);
		for (const remark of code.problems)
			problems.push(remark.line > 0 ? said(remark) : { message: remark.message, ...siteOf(rule) });
		for (const remark of code.warnings) if (!(await isNamed(remark, rule, folder))) warnings.push(said(remark));
		if (code.signature !== null) {
			const { line, file: written = file } = code.signature;
			const where = line === undefined ? siteOf(rule) : { file: nameIn(folder, written), line };
			for (const message of argumentProblems(rule, name, code.signature)) problems.push({ message, ...where });
		}
		found.set(place, {
			identity: identityOf(code, interpreter, folder),
			target: {
				...{ kind: 'python', file, name, path: code.path, module: code.module, sources: code.sources },
				...(code.extensions === undefined ? {} : { extensions: code.extensions }),
				interpreter: interpreter.kind === 'found' ? interpreter.path : { problem: interpreter.message },
			},
		});
	}
	return { rules: found, warnings, problems };
}

/** When code is the same: what it reaches, not its text. */
export function identityOf(code: PythonCode, interpreter: Interpreter, folder: string): RuleIdentity {
	const parts = code.parts.map((part): Part => ({ ...part, file: part.file && nameIn(folder, part.file) }));
	const packages = code.packages.map(({ name, path, digest }) => ({ name, path, digest: fromHex(digest) }));
	if (interpreter.kind !== 'found')
		return { digest: digestBytes(`scanmake python text ${identityVersion}\n${code.digest}\n`), parts, packages };
	// which Python it is, is among what it reaches
	return { digest: digestBytes(`scanmake python ${identityVersion}\n${code.digest}\n`), parts, packages };
}

// What the rule says that it depends on is no remark any more.
async function isNamed({ variable, names }: PythonRemark, { options }: Rule, folder: string): Promise<boolean> {
	if (variable !== undefined && options.env.includes(variable)) return true;
	const paths = options.uses.filter((used) => typeof used === 'string');
	if (names === undefined || paths.length === 0) return false;
	const { filesMatching } = await import('../../uses.ts');
	const file = resolve(folder, names);
	for (const path of paths) if ((await filesMatching(path, folder)).includes(file)) return true;
	return false;
}

function wrongFile({ file, name }: PythonRecipe, path: string, folder: string): string | undefined {
	const said = `python(${JSON.stringify(file)}, ${JSON.stringify(name)})`;
	const stat = statSync(path, { throwIfNoEntry: false });
	if (stat?.isFile() === true) return undefined;
	if (stat !== undefined) return `${said}: ${path} is no file. Name the module's file, such as "model.py".`;
	return `${said}: there is no file ${path}${suggestion(file, sourcesBeside(path, folder))}`;
}

function sourcesBeside(path: string, folder: string): readonly string[] {
	try {
		const names = readdirSync(dirname(path)).filter((name) => name.endsWith('.py'));
		return names.map((name) => nameIn(folder, join(dirname(path), name)));
	} catch {
		return [];
	}
}

function complaintOf({ message, file, line }: PythonRemark, folder: string): Complaint {
	return { message, file: nameIn(folder, file), line: line > 0 ? line : undefined };
}

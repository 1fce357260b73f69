// What is wrong with a Python recipe by itself: a file that is no module's, a name that no function can have.
// Whether the file is there and has the function is for the engine, which looks.
import type { PythonRecipe } from './recipe.ts';
import { whatIs } from './value.ts';

const example = 'python("model.py", "simulate")';

/** What is wrong with a Python recipe, as sentences without their full stop. */
export function pythonProblems({ file, name }: PythonRecipe): readonly string[] {
	const given: { readonly file: unknown; readonly name: unknown } = { file, name };
	if (given.file === undefined && given.name === undefined)
		return [`python names no file and no function; give both: ${example}`];
	if (typeof given.file !== 'string')
		return [`python takes the file of a module and the name of a function, not ${whatIs(file)}: ${example}`];
	const wrong = fileProblem(file, given.name);
	// its remedy has both
	if (wrong !== undefined && given.name === undefined) return [wrong];
	return [wrong, nameProblem(file, given.name)].flatMap((problem) => problem ?? []);
}

function fileProblem(file: string, name: unknown): string | undefined {
	if (file === '') return `the file of python is empty; give the path of a module: ${example}`;
	if (file.includes('\0')) return `the file of python holds a NUL character, which no path can have`;
	if (/[^/]\.py$/.test(file)) return undefined;
	const said = JSON.stringify(file);
	const use = (module: string, called = name) =>
		`python(${JSON.stringify(module)}, ${JSON.stringify(typeof called === 'string' ? called : 'simulate')})`;
	const [, module = '', called] = /^([\p{L}\p{N}_./]+?)(?:\.py)?(?:::?([\p{L}_][\p{L}\p{N}_]*))?$/u.exec(file) ?? [];
	if (called !== undefined)
		return `${said} is no file; give the file and the function apart: ${use(`${module}.py`, called)}`;
	if (/\.[cm]?[jt]sx?$/.test(file))
		return `${said} is no Python module; import its function in the Scanfile and give that as run`;
	if (file.endsWith('.ipynb'))
		return `${said} is a notebook, which cannot be imported; put the function into a module: ${example}`;
	if (/\.py[cdox]$|\.so$/.test(file)) return `${said} is no source of a Python module; give its .py file: ${example}`;
	if (module === '' || module.endsWith('/') || module.startsWith('.'))
		return `${said} is no file of a Python module, which ends in .py: ${example}`;
	const path = module.includes('/') ? module : module.replaceAll('.', '/');
	return `${said} is no file of a Python module, which ends in .py; give its file: ${use(`${path}.py`)}`;
}

function nameProblem(file: string, name: unknown): string | undefined {
	const said = JSON.stringify(file);
	if (name === undefined || name === '')
		return `python(${said}) names no function; give one: python(${said}, "simulate")`;
	if (typeof name !== 'string') return `the function of python(${said}, …) is ${whatIs(name)}; give its name as text`;
	const call = `python(${said}, ${JSON.stringify(name)})`;
	if (/^[\p{XIDS}_]\p{XIDC}*$/u.test(name)) {
		return keywords.has(name) ? `${call} names a keyword of Python, which is no function` : undefined;
	}
	const [, bare = ''] = /^\s*([\p{XIDS}_]\p{XIDC}*)\s*(?:\(.*)?$/su.exec(name) ?? [];
	if (bare !== '') return `${call} names no function; leave out what is not its name: python(${said}, "${bare}")`;
	if (name.includes('.') && !/\s/.test(name))
		return `${call} names what is inside of something; give a function of the module itself, which may call it`;
	return `${call} names no function: a name has letters, digits and _, no digit first`;
}

const keywords: ReadonlySet<string> = new Set(
	(
		'False None True and as assert async await break class continue def del elif else except finally for from global ' +
		'if import in is lambda nonlocal not or pass raise return try while with yield'
	).split(' '),
);

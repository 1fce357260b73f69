// The environment that a Python is started with. What no key counts must not change a result: how many cores a machine
// has, the order in which a set happens to lie, the encoding of a terminal, switches of the interpreter.
// Knows no process.

const libraries = ['OMP', 'OPENBLAS', 'MKL', 'NUMEXPR', 'BLIS', 'NUMBA'];
const threadCounts = [...libraries.map((library) => `${library}_NUM_THREADS`), 'VECLIB_MAXIMUM_THREADS'];

/** Text files are read as UTF-8 whatever the locale says. */
const fixed: Readonly<Record<string, string>> = { PYTHONHASHSEED: '0', PYTHONUTF8: '1' };

/** Without them asserts and docstrings are there, and a warning is no error. */
const takenOut = ['PYTHONOPTIMIZE', 'PYTHONWARNINGS', 'PYTHONDEVMODE', 'PYTHONCASEOK'];

const settled = new Set([...threadCounts, ...Object.keys(fixed), ...takenOut]);

/** Which of the variables that a rule names in `env`, and so in its keys, are handed on in place of what is set here. */
export function handedOn(env: readonly string[] = []): readonly string[] {
	return [...new Set(env.filter((name) => settled.has(name)))].sort();
}

/** The environment for a number of cores; `kept`: variables that stay as they are, where they are there. */
export function pythonEnvironment(
	cores: number,
	kept: readonly string[],
	own: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
	const made = { ...own, ...fixed, ...Object.fromEntries(threadCounts.map((name) => [name, `${cores}`])) };
	for (const name of takenOut) delete made[name];
	for (const name of kept) if (own[name] !== undefined) made[name] = own[name];
	return made;
}

// What doctor found, as points that are in order, worth a look or wrong, each with what to do.
// Knows no engine, only its findings; the sentences are one line each, however long.
import type { Findings, ProgramFound, ScanFound, StoreFound } from '../engine/doctor.ts';
import { oldestNode } from '../engine/machine.ts';
import { bytes, count, counted, instant } from './numbers.ts';
import { pythonCheck } from './python-check.ts';
import { problemLine } from './sentences.ts';
import { commandLine, type Invocation } from './shell.ts';

/** `note`: neither good nor bad. Only a `problem` makes doctor fail. */
export type State = 'ok' | 'note' | 'warning' | 'problem';

/** One point. */
export interface Check {
	readonly check: string;
	readonly state: State;
	readonly message: string;
	/** What to do. */
	readonly remedy?: string | undefined;
}

const mebibyte = 2 ** 20;

/** All points, in the order in which one would look. */
export function checksOf(findings: Findings, invocation: Invocation): readonly Check[] {
	return [
		...machineChecks(findings),
		...scanChecks(findings.scan, findings, invocation),
		...storeChecks(findings.store),
		...shellCheck(findings),
		...(findings.python === undefined ? [] : [pythonCheck(findings.python)]),
		...findings.programs.filter(({ rules }) => rules.length > 0).map(programCheck),
		...alsoThere(findings),
		...limitChecks(findings),
		checkoutCheck(findings),
	];
}

function machineChecks({ machine }: Findings): readonly Check[] {
	const wanted = oldestNode.join('.');
	const node: Check = machine.isNewEnough
		? { check: 'node', state: 'ok', message: `Node.js ${machine.node}` }
		: {
				check: 'node',
				state: 'problem',
				message: `Node.js ${machine.node} is too old; scanmake needs ${wanted} or newer.`,
				remedy: 'Install a newer one from https://nodejs.org',
			};
	const size = `${counted(machine.cores, 'core')}, ${bytes(machine.memoryMiB * mebibyte)} of memory`;
	if (machine.memoryMiB >= 1024) return [node, { check: 'machine', state: 'ok', message: size }];
	const remedy = 'Run fewer tasks side by side: -j 1';
	return [node, { check: 'machine', state: 'warning', message: `${size}: that is little for worker threads.`, remedy }];
}

function scanChecks(scan: ScanFound, { machine, python }: Findings, invocation: Invocation): readonly Check[] {
	switch (scan.kind) {
		case 'none': {
			const remedy = `To start a project: ${invocation.program} init`;
			return [{ check: 'scanfile', state: scan.isNamed ? 'problem' : 'warning', message: scan.message, remedy }];
		}
		case 'broken':
			return scan.problems.map((one) => ({ check: 'scanfile', state: 'problem', message: problemLine(one) }));
		case 'loaded': {
			const problem = scan.problems.map((one) => problemLine(one));
			// that there is no interpreter is a point of its own
			const warnings = scan.warnings.filter(({ message }) => message !== lackOf(python));
			const fine: Check = {
				check: 'scanfile',
				state: 'ok',
				message: `${scan.file} can be read: ${counted(scan.targets, 'target')}`,
			};
			return [
				...(problem.length === 0 ? [fine] : problem.map(problemOf('scanfile'))),
				...warnings.map((one): Check => ({ check: 'scanfile', state: 'warning', message: problemLine(one) })),
				...scan.missingScripts.map(({ file, rules }): Check => {
					const message = `${file} is named by ${rules.join(', ')} and is not there.`;
					return {
						check: 'files',
						state: 'warning',
						message,
						remedy: 'Correct the path, unless the command itself writes it.',
					};
				}),
				...scan.greedy.map((one): Check => {
					const asked = [
						one.cores === undefined ? [] : [`${count(one.cores)} cores`],
						one.memoryMiB === undefined ? [] : [`${bytes(one.memoryMiB * mebibyte)} of memory`],
					].flat();
					const has = `this machine has ${counted(machine.cores, 'core')} and ${bytes(machine.memoryMiB * mebibyte)}`;
					const message = `A task of ${one.rule} asks for ${asked.join(' and ')}; ${has}: one runs at a time.`;
					return { check: 'room', state: 'warning', message };
				}),
			];
		}
	}
}

function lackOf(python: Findings['python']): string | undefined {
	return python?.interpreter.kind === 'found' ? undefined : python?.interpreter.message;
}

function problemOf(check: string): (message: string) => Check {
	return (message) => ({ check, state: 'problem', message });
}

function storeChecks(store: StoreFound): readonly Check[] {
	const checks: Check[] = [];
	const say = (state: State, message: string, remedy?: string): void =>
		void checks.push({ check: 'store', state, message, remedy });
	const size = `${store.hasMore ? 'more than ' : ''}${bytes(store.bytes)}`;
	// the sentence of the error has its remedy in it
	if (store.problem !== undefined) say('problem', store.problem);
	else if (!store.exists) say('ok', `${store.folder} is made by the first build`);
	else say('ok', `${store.folder}: ${store.format === undefined ? 'empty' : `format ${store.format}`}, ${size}`);
	if (!store.isWritable)
		say(
			'problem',
			`${store.folder} cannot be written.`,
			'Give results another place: --store DIR, or set SCANMAKE_STORE.',
		);
	if (store.space !== undefined) {
		const { freeBytes, freeFiles } = store.space;
		const state = freeBytes < 64 * mebibyte ? 'problem' : freeBytes < 1024 * mebibyte ? 'warning' : 'ok';
		say(
			state,
			`${bytes(freeBytes)} free on its disk`,
			state === 'ok' ? undefined : 'Make room: scanmake gc removes old results.',
		);
		if (freeFiles !== undefined && freeFiles < 10_000)
			say(
				freeFiles < 100 ? 'problem' : 'warning',
				`Only ${count(freeFiles)} more files can be made on its disk (inodes).`,
			);
	}
	const { renames, hasFineTimes } = store.files;
	if (hasFineTimes === false)
		say(
			'warning',
			'Its file system counts times in whole seconds: a file that is changed twice in a second may look unchanged.',
		);
	else if (renames === true || hasFineTimes === true)
		say(
			'ok',
			`Its file system ${[...(renames ? ['renames'] : []), ...(hasFineTimes ? ['has fine times'] : [])].join(' and ')}`,
		);
	else say('note', 'What its file system can do is not known before something is written there');
	if (store.lock !== undefined) {
		const { pid, host, user, since, command, isAlive } = store.lock;
		const who = pid === 0 ? 'Another process' : `Process ${pid} of ${user} on ${host} (${command})`;
		const time = instant(since);
		if (isAlive) say('note', `${who} has been writing to it since ${time}; another build has to wait`);
		else say('note', `${who} was ended while it wrote to it; the next build goes on from there`);
	}
	return checks;
}

function shellCheck({ shell, scan }: Findings): readonly Check[] {
	if (shell !== undefined) return [{ check: 'sh', state: 'ok', message: `sh is ${shell}` }];
	const isNeeded = scan.kind === 'loaded' && scan.hasPrograms;
	const remedy = 'Commands and shell lines need it: install one, or correct PATH.';
	return [{ check: 'sh', state: isNeeded ? 'problem' : 'warning', message: 'There is no sh on PATH.', remedy }];
}

function programCheck({ name, rules, found }: ProgramFound): Check {
	const who = rules.join(', ');
	switch (found.kind) {
		case 'found':
			return { check: 'program', state: 'ok', message: `${name} (of ${who}) is ${found.path}` };
		case 'not-found': {
			const place = name.includes('/') ? 'there is no such file' : 'it is not on PATH';
			return {
				check: 'program',
				state: 'problem',
				message: `${who} ${rules.length === 1 ? 'starts' : 'start'} ${name}, but ${place}.`,
				remedy: name.includes('/')
					? "Correct the path (taken from the Scanfile's folder), or build it."
					: 'Install it, or correct its name or PATH.',
			};
		}
		case 'not-executable':
			return {
				check: 'program',
				state: 'problem',
				message: `${who} ${rules.length === 1 ? 'starts' : 'start'} ${name}, but ${found.path} is not executable.`,
				remedy: `chmod +x ${found.path}`,
			};
		case 'no-interpreter':
			return {
				check: 'program',
				state: 'problem',
				message: `${found.path} (of ${who}) begins with #!${found.interpreter}, and there is no ${found.interpreter}.`,
				remedy:
					'Install it, or correct the first line of the script (a line end of Windows there has the same effect).',
			};
	}
}

function alsoThere({ programs }: Findings): readonly Check[] {
	const others = programs.filter(({ rules }) => rules.length === 0);
	const words = others.map(({ name, found }) => (found.kind === 'found' ? name : `no ${name}`));
	return words.length === 0 ? [] : [{ check: 'programs', state: 'note', message: `Also here: ${words.join(', ')}` }];
}

function limitChecks({ machine: { limits, cores } }: Findings): readonly Check[] {
	const shown = (limit: number): string => (limit === Number.POSITIVE_INFINITY ? 'unlimited' : count(limit));
	const { files, processes } = limits;
	if (files === undefined || processes === undefined) return [];
	const message = `Open files: ${shown(files)}, processes: ${shown(processes)}`;
	const few = files < 1024 || processes < 100 + 10 * cores;
	const remedy = few ? 'Raise them (ulimit -n, ulimit -u), or run fewer tasks side by side (-j).' : undefined;
	return [
		{ check: 'limits', state: few ? 'warning' : 'ok', message: few ? `${message}: that is few.` : message, remedy },
	];
}

function checkoutCheck({ checkout }: Findings): Check {
	if (checkout === undefined) {
		return { check: 'git', state: 'note', message: 'No git checkout: results are recorded without a commit' };
	}
	const changed =
		checkout.changed === 0 ? 'nothing changed since' : `${counted(checkout.changed, 'file')} changed since`;
	return { check: 'git', state: 'note', message: `Commit ${checkout.commit}, ${changed}` };
}

/** The last line. */
export function checksEnd(checks: readonly Check[], invocation: Invocation): string {
	const problems = checks.filter(({ state }) => state === 'problem').length;
	const warnings = checks.filter(({ state }) => state === 'warning').length;
	if (problems > 0) return `${counted(problems, 'problem')}${warnings > 0 ? `, ${counted(warnings, 'warning')}` : ''}.`;
	if (warnings > 0) return `Nothing is wrong; ${counted(warnings, 'warning')}.`;
	return `Nothing is wrong. To see what a build would do: ${commandLine(invocation, 'plan')}`;
}

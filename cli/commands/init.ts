// `scanmake init [DIR]`: a project that runs at once, with a model in Python where there is a Python that can run it.
// Writes what is missing and touches nothing that is there. Knows the files' names; their text is starter.ts's.
import { lstatSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { UserError } from '../../engine/errors.ts';
import { ownVersion } from '../../engine/version.ts';
import { shellWord } from '../../engine/words.ts';
import { ScanCommand } from '../command.ts';
import { wrapped } from '../help.ts';
import { cannotWrite } from '../output.ts';
import { programName } from '../shell.ts';
import * as starter from '../starter.ts';
import { pythonTemplate } from '../starter-python.ts';
import { typescriptTemplate } from '../starter-typescript.ts';

/** Starts a project. */
export class InitCommand extends ScanCommand {
	static override paths = [['init']];
	static override shape = '[DIR]';
	static override usage = {
		category: 'Set up',
		description: 'starts a project, here or in DIR: a Scanfile that runs at once, and what an editor needs',
		examples: [['A project in a new folder', '$0 init my-scan']] satisfies [string, string][],
	};

	override async execute(): Promise<number> {
		const [typed = '.', ...more] = this.words;
		if (more.length > 0) throw tooMany(more[0] ?? '');
		if (this.file !== undefined || this.store !== undefined) {
			const option = this.file === undefined ? '--store' : '--file';
			throw new UserError(
				'usage',
				`scanmake init takes no ${option}: it writes Scanfile.ts in the folder that you name.`,
			);
		}
		const folder = resolve(this.outer.cwd, typed);
		makeFolder(folder, typed);
		const chosen = isThere(join(folder, 'Scanfile.ts')) ? undefined : await this.template(folder);
		const { written, kept } = writeStarter(folder, chosen?.template);
		const notes = chosen?.why === undefined ? [] : [chosen.why];
		if (this.json) await this.say(`${JSON.stringify({ ok: true, folder, written, kept, notes })}\n`);
		else if (!this.quiet) await this.say(`${this.report(folder, { written, kept, notes }).join('\n')}\n`);
		return 0;
	}

	/** Python, and where there is none that a scan here could use, TypeScript and why. */
	private async template(folder: string): Promise<{ readonly template: starter.Template; readonly why?: string }> {
		const { pythonProject } = await import('../../engine/code/python/project.ts');
		const { env: environment } = this.outer;
		const found = await pythonProject({ folder, option: undefined, keptFolder: undefined, environment }).interpreter();
		if (found.kind === 'found') return { template: pythonTemplate };
		return {
			template: typescriptTemplate,
			why: `The model is in TypeScript, since Python cannot run here. ${found.message}`,
		};
	}

	private report(folder: string, { written, kept, notes }: Started): readonly string[] {
		const near = relative(this.outer.cwd, folder);
		const place = near === '' ? 'this folder' : near.startsWith('..') ? folder : near;
		const program = programName(this.outer.env);
		const hasPackage = kept.includes('package.json');
		const install = hasPackage
			? `npm install --save-dev scanmake ${Object.keys(starter.checkers).join(' ')}`
			: 'npm install';
		const commands = [
			...(near === '' ? [] : [[`cd ${shellWord(near.startsWith('..') ? folder : near)}`, ''] as const]),
			[program, 'runs it'] as const,
			[`${program} table rates`, 'shows the numbers'] as const,
			[install, 'lets an editor check names and types'] as const,
		];
		const { stdout } = this.outer;
		const columns = stdout.isTerminal ? Math.max(20, stdout.columns() - 1) : Number.POSITIVE_INFINITY;
		const left = Math.max(...commands.map(([line]) => line.length));
		const fits = commands.every(([, what]) => left + what.length + 4 <= columns);
		const row = (line: string, what: string): readonly string[] =>
			fits || what === '' ? [`  ${line.padEnd(left)}  ${what}`.trimEnd()] : [`  ${line}`, `    ${what}`];
		return [
			...wrapped(
				written.length > 0
					? `New in ${place}: ${written.join(', ')}`
					: `Nothing is new in ${place}: all files of a project are there.`,
				columns,
			),
			...(kept.length > 0 ? wrapped(`Left as they were: ${kept.join(', ')}`, columns) : []),
			...notes.flatMap((note) => wrapped(note, columns)),
			'',
			'Next:',
			...commands.flatMap(([line, what]) => row(line, what)),
		];
	}
}

/** What became of a folder, and what is to be said of it. */
interface Started {
	readonly written: readonly string[];
	readonly kept: readonly string[];
	readonly notes: readonly string[];
}

/** Writes the files that are not there; says which were. No template: there is a Scanfile. */
function writeStarter(folder: string, template: starter.Template | undefined): Omit<Started, 'notes'> {
	const [written, kept]: [string[], string[]] = [[], []];
	const names = { project: starter.projectName(basename(folder)), version: ownVersion() };
	const write = (name: string, text: string): void => {
		const path = join(folder, name);
		try {
			if (isThere(path)) kept.push(name);
			else {
				writeFileSync(path, text, { flag: 'wx' });
				written.push(name);
			}
		} catch (error) {
			throw cannotWrite(error, path);
		}
	};
	// a model that no Scanfile imports would only be in the way
	if (template === undefined) kept.push('Scanfile.ts');
	else {
		const taken = template.modules.filter((name) => isThere(join(folder, name)));
		const module = template.modules.find((name) => !taken.includes(name));
		if (module !== undefined) write(module, template.modelText());
		kept.push(...taken.slice(0, 1));
		write('Scanfile.ts', template.scanfileText(module ?? template.modules[0] ?? ''));
	}
	write('tsconfig.json', starter.compilerText);
	write('package.json', starter.packageText(names));
	write('.gitignore', starter.ignoreText);
	return { written, kept };
}

/** A link that leads nowhere is there, too. */
function isThere(path: string): boolean {
	return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function makeFolder(folder: string, typed: string): void {
	try {
		make(folder);
	} catch (error) {
		throw cannotWrite(error, folder);
	}
	if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
		throw new UserError('usage', `${typed} is no folder; name one for the project, one that is there or a new one.`);
	}
}

// Not mkdir's own recursion, which never returns where a file system has no place for folders (/proc).
function make(folder: string): void {
	if (isThere(folder)) return;
	make(dirname(folder));
	mkdirSync(folder);
}

function tooMany(word: string): UserError {
	return new UserError('usage', `scanmake init takes one folder; ${JSON.stringify(word)} is one word too many.`);
}

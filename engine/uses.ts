// What a rule says it depends on besides its code: files and globs, plain data, programs, environment variables.
// Turned into canonical text for the key. Sole user of tinyglobby, loaded only where a pattern needs it.
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { canonicalValue } from '../rules/canonical.ts';
import type { UsedTool } from '../rules/plain.ts';
import type { Rule } from '../rules/rule.ts';
import { digestBytes, hex } from './digest.ts';
import type { Complaint } from './errors.ts';
import type { FileDigests } from './files.ts';
import type { KeyedFile } from './inputs.ts';
import { nameIn } from './project.ts';
import type { Tools } from './tools.ts';
import { encodeValue } from './value.ts';

/** What `uses` is for the key, and what is wrong with it. */
export interface UsesText {
	/** Sorted: `["file",path,digest]`, `["tool",[program,…],what it said]` (null: not there), `["value",digest]`. */
	readonly text: string;
	readonly files: readonly KeyedFile[];
	readonly complaints: readonly Complaint[];
}

/** Longer answers of tools count by their digest. */
const longestAnswer = 256;

/** The text of `uses` for the key; or what matches nothing, and tools that do not say what they are. */
export async function usesText(rule: Rule, folder: string, digests: FileDigests, tools: Tools): Promise<UsesText> {
	const complaints: Complaint[] = [];
	const lines: string[] = [];
	const files: KeyedFile[] = [];
	for (const used of rule.options.uses) {
		if (typeof used !== 'string' && used.kind === 'tool') {
			lines.push(await toolLine(used, tools, complaints));
			continue;
		}
		if (typeof used !== 'string') {
			lines.push(`["value","${hex(digestBytes(encodeValue(used.value)))}"]`);
			continue;
		}
		const paths = await filesMatching(used, folder);
		if (paths.length === 0) {
			complaints.push({ message: `uses: '${used}' matches no file in ${folder}. Correct the path or take it out.` });
		}
		for (const path of paths) {
			const digest = await digests.digestOf(path);
			const name = nameIn(folder, path);
			files.push({ name, path, digest });
			lines.push(`["file",${JSON.stringify(name)},"${hex(digest)}"]`);
		}
	}
	const text = lines.length === 0 ? '' : `[${[...new Set(lines)].sort().join(',')}]`;
	return { text, files, complaints };
}

// A program that is not there counts by its name: where it runs it may be.
async function toolLine(used: UsedTool, tools: Tools, complaints: Complaint[]): Promise<string> {
	const said = await tools.ask(used);
	if (said.kind === 'wrong') complaints.push({ message: `uses: ${said.message}` });
	const answer = said.kind === 'said' ? said.text : null;
	const short = answer !== null && answer.length > longestAnswer ? `sha256 ${hex(digestBytes(answer))}` : answer;
	return JSON.stringify(['tool', [used.program, ...used.args], short]);
}

/** The text of `env` for the key: each variable's value, null where it is not set. */
export function envText(rule: Rule, environment: NodeJS.ProcessEnv): string {
	const names = [...new Set(rule.options.env)].sort();
	if (names.length === 0) return '';
	return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalValue(environment[name] ?? null)}`).join(',')}}`;
}

/** Full paths of the files that a path, a folder or a glob of `uses` names. */
export async function filesMatching(pattern: string, folder: string): Promise<readonly string[]> {
	const path = resolve(folder, pattern);
	const stat = statSync(path, { throwIfNoEntry: false });
	if (stat?.isFile() === true) return [path];
	if (stat === undefined && !/[*?[{!]/.test(pattern)) return [];
	const { glob } = await import('tinyglobby');
	const inside = stat?.isDirectory() === true;
	const found = await glob(inside ? '**' : pattern, {
		cwd: inside ? path : folder,
		absolute: true,
		dot: true,
		ignore: ['**/node_modules/**', '**/.git/**', '**/.scanmake/**'],
	});
	return found.sort();
}

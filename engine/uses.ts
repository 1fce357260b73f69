// What a rule says it depends on besides its code: files and globs, plain data, environment variables.
// Turned into canonical text for the key. Sole user of tinyglobby, loaded only where a pattern needs it.
import { statSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { canonicalValue } from '../rules/canonical.ts';
import type { Rule } from '../rules/rule.ts';
import { digestBytes, hex } from './digest.ts';
import type { Complaint } from './errors.ts';
import type { FileDigests } from './files.ts';
import { encodeValue } from './value.ts';

/** The text of `uses` for the key: sorted (path, digest) and value digests; or what matches nothing. */
export async function usesText(
	rule: Rule,
	folder: string,
	files: FileDigests,
): Promise<{ readonly text: string; readonly complaints: readonly Complaint[] }> {
	const complaints: Complaint[] = [];
	const lines: string[] = [];
	for (const used of rule.options.uses) {
		if (typeof used !== 'string') {
			lines.push(`["value","${hex(digestBytes(encodeValue(used.value)))}"]`);
			continue;
		}
		const paths = await matches(used, folder);
		if (paths.length === 0) {
			complaints.push({ message: `uses: '${used}' matches no file in ${folder}. Correct the path or take it out.` });
		}
		for (const path of paths) {
			const digest = await files.digestOf(path);
			lines.push(`["file",${JSON.stringify(nameOf(path, folder))},"${hex(digest)}"]`);
		}
	}
	const text = lines.length === 0 ? '' : `[${[...new Set(lines)].sort().join(',')}]`;
	return { text, complaints };
}

/** The text of `env` for the key: each variable's value, null where it is not set. */
export function envText(rule: Rule, environment: NodeJS.ProcessEnv): string {
	const names = [...new Set(rule.options.env)].sort();
	if (names.length === 0) return '';
	return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalValue(environment[name] ?? null)}`).join(',')}}`;
}

async function matches(pattern: string, folder: string): Promise<string[]> {
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

// Files outside the folder count by their full path: elsewhere they are others.
function nameOf(path: string, folder: string): string {
	const short = relative(folder, path);
	return short.startsWith('..') || isAbsolute(short) ? path : short;
}

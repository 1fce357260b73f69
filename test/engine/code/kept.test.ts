// What is kept of a bundle: used while nothing changed, never when something did.
import { spawn } from 'node:child_process';
import { readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { loadScan } from '../../../engine/code/load.ts';
import { unchanged, watch } from '../../../engine/code/stamps.ts';
import { type Files, identitiesByTarget, inProject, writeFiles } from './projects.ts';

const project: Files = {
	'Scanfile.ts': `
import { scan, simulate } from 'scanmake';
import { relay } from './model';
export default scan({ spikes: simulate({ run: relay }) });
`,
	'model/index.ts': "import { tool } from 'tool';\nexport const relay = () => tool;\n",
	'node_modules/tool/package.json': '{ "name": "tool", "version": "1.0.0", "type": "module", "main": "index.js" }',
	'node_modules/tool/index.js': 'export const tool = 1;',
};

const load = (folder: string, more: { readOnly?: boolean } = {}) =>
	loadScan({ file: join(folder, 'Scanfile.ts'), cacheFolder: join(folder, '.scanmake'), ...more });
const identity = async (folder: string): Promise<string | undefined> =>
	identitiesByTarget(await load(folder))['spikes'];

/** Loads in a process that cannot load esbuild or acorn. */
async function loadsWithoutTools(folder: string): Promise<string> {
	const hooks = `data:text/javascript,${encodeURIComponent(
		"export async function resolve(name, context, next) { if (name === 'esbuild' || name === 'acorn') throw new Error(name + ' is loaded'); return next(name, context); }",
	)}`;
	const loader = fileURLToPath(new URL('../../../engine/code/load.js', import.meta.url));
	const code = `import { register } from 'node:module';
register(${JSON.stringify(hooks)});
const { loadScan } = await import(${JSON.stringify(loader)});
const loading = loadScan({ file: ${JSON.stringify(join(folder, 'Scanfile.ts'))}, cacheFolder: ${JSON.stringify(join(folder, '.scanmake'))} });
loading.then(({ identities }) => console.log(Buffer.from(identities[0].digest).toString('hex')), (error) => console.log(error.message));`;
	const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
	let output = '';
	child.stdout.on('data', (chunk) => (output += chunk));
	await new Promise((resolve) => child.once('close', resolve));
	return output.trim();
}

async function onlyFolder(folder: string): Promise<string> {
	const [name = ''] = await readdir(join(folder, '.scanmake'));
	return join(folder, '.scanmake', name);
}

test('neither esbuild nor acorn is loaded while no file changed', async (t) => {
	await inProject(project, async (folder) => {
		const first = await identity(folder);
		t.is(await loadsWithoutTools(folder), first ?? 'none');
	});
});

test('a touched file of the same bytes is found the same, and its new times are remembered', async (t) => {
	await inProject(project, async (folder) => {
		const first = await identity(folder);
		const past = new Date(Math.floor(Date.now() / 1000) * 1000 - 60_000);
		await utimes(join(folder, 'model/index.ts'), past, past);
		t.is(await loadsWithoutTools(folder), first ?? 'none');
		const kept = await readFile(join(await onlyFolder(folder), 'bundle.json'), 'utf8');
		t.true(kept.includes(`${past.getTime()}000000 `));
	});
});

const changes: readonly (readonly [title: string, files: Files])[] = [
	['a file of the project', { 'model/index.ts': 'export const relay = () => 2;' }],
	['a file that is now found first', { 'model.ts': 'export const relay = () => 2;' }],
	[
		'the version of a package',
		{ 'node_modules/tool/package.json': (project['node_modules/tool/package.json'] ?? '').replace('1.0.0', '1.0.1') },
	],
	[
		'a package that is now found first',
		{
			'model/node_modules/tool/package.json': '{ "version": "3.0.0", "main": "a.js" }',
			'model/node_modules/tool/a.js': 'exports.tool = 3;',
		},
	],
];
for (const [title, files] of changes) {
	test(`what is kept is not used after a change of ${title}`, async (t) => {
		await inProject(project, async (folder) => {
			const first = await identity(folder);
			await writeFiles(folder, files);
			const second = await identity(folder);
			t.not(second, first);
			t.is(await loadsWithoutTools(folder), second ?? 'none');
		});
	});
}

test('settings of the compiler that appear are heeded', async (t) => {
	const files = {
		...project,
		'Scanfile.ts': (project['Scanfile.ts'] ?? '').replace('./model', '@/other.ts'),
		'src/other.ts': 'export const relay = () => 3;',
	};
	await inProject(files, async (folder) => {
		await t.throwsAsync(load(folder));
		await writeFiles(folder, { 'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }' });
		await t.notThrowsAsync(load(folder));
		await rm(join(folder, 'tsconfig.json'));
		await t.throwsAsync(load(folder), { message: /not installed/ });
	});
});

test('a project that was moved keeps its identities, and is bundled anew', async (t) => {
	await inProject(project, async (folder) => {
		const first = await identity(folder);
		const moved = `${folder}-moved`;
		await rename(folder, moved);
		try {
			t.is(await identity(moved), first);
		} finally {
			await rename(moved, folder);
		}
	});
});

test('a damaged file is made again', async (t) => {
	await inProject(project, async (folder) => {
		const first = await identity(folder);
		await writeFile(join(await onlyFolder(folder), 'bundle.json'), '{ "format"');
		t.is(await identity(folder), first);
		t.is(await loadsWithoutTools(folder), first ?? 'none');
	});
});

test('kept code in which a bit was flipped is not run: the bundle is made again', async (t) => {
	await inProject(project, async (folder) => {
		const first = await identity(folder);
		const path = join(await onlyFolder(folder), 'bundle.json');
		const bytes = await readFile(path);
		for (const at of [3, bytes.length >> 1, bytes.length - 2]) {
			const harmed = Buffer.from(bytes);
			harmed[at] = (harmed[at] ?? 0) ^ 1;
			await writeFile(path, harmed);
			t.is(await identity(folder), first);
			t.not(Buffer.compare(await readFile(path), harmed), 0);
		}
	});
});

test('a place in the source is found while the bundle is kept', async (t) => {
	await inProject(project, async (folder) => {
		await load(folder);
		const { scan, place } = await load(folder);
		t.like(place(scan.rules[0]?.site ?? ''), { file: 'Scanfile.ts', line: 4 });
	});
});

test('where nothing can be written, or nothing may be, loading works and leaves nothing', async (t) => {
	await inProject(project, async (folder) => {
		const file = join(folder, 'Scanfile.ts');
		await t.notThrowsAsync(loadScan({ file, cacheFolder: join(file, 'below-a-file') }));
		await load(folder, { readOnly: true });
		t.false((await readdir(folder)).includes('.scanmake'));
	});
});

test('a file younger than two seconds when it was digested is digested again', async (t) => {
	await inProject({ 'a.txt': 'one' }, async (folder) => {
		const entry = watch(join(folder, 'a.txt'));
		if (entry.kind !== 'file') return t.fail();
		t.true(entry.isYoung);
		const other = { ...entry, digest: '00' };
		t.is(unchanged([other]), undefined);
		t.not(unchanged([{ ...other, isYoung: false }]), undefined);
		t.not(unchanged([entry]), undefined);
	});
});

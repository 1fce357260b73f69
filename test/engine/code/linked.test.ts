// Linked packages and the bundle that is kept: when it is not believed, what counts of a package that is not bundled.
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test from 'ava';
import { loadScan } from '../../../engine/code/load.ts';
import { isProgram, isPython } from '../../../rules/recipe.ts';
import { type Files, identitiesByTarget, inProject, writeFiles } from './projects.ts';

const scanfile = (name: string) => `import { scan, simulate } from 'scanmake';
import { decay, grow } from '${name}';
export default scan({ spikes: simulate({ run: () => decay(1) }), others: simulate({ run: () => grow(1) }) });
`;
const neuron: Files = {
	'packages/neuron/package.json': '{ "name": "neuron", "version": "1.0.0", "type": "module", "exports": "./index.js" }',
	'packages/neuron/index.js': 'export const decay = (x) => x / 3;\nexport const grow = (x) => x * 3;\n',
};
/** CommonJS that knows where it lies. */
const placed: Files = {
	'packages/neuron/package.json': '{ "name": "neuron", "version": "1.0.0" }',
	'packages/neuron/index.js':
		"const { join } = require('path');\nconst name = join(__dirname, 'table.json');\nexports.decay = (x) => x / require(name).k;\nexports.grow = (x) => x * 3;\n",
	'packages/neuron/table.json': '{ "k": 4 }',
};
/** An installed package that needs the linked one. */
const solver: Files = {
	'node_modules/solver/package.json': '{ "name": "solver", "version": "1.0.0", "dependencies": { "neuron": "*" } }',
	'node_modules/solver/index.js':
		"const { decay } = require('neuron');\nexports.decay = decay;\nexports.grow = (x) => x;\n",
};

/** A project as it is loaded again and again, with what is kept. */
async function linked(files: Files, links: Files, use: (ground: Ground) => Promise<void>): Promise<void> {
	await inProject(files, async (folder) => {
		const link = async (path: string, target: string) => {
			await mkdir(dirname(join(folder, path)), { recursive: true });
			await rm(join(folder, path), { force: true });
			await symlink(target, join(folder, path));
		};
		for (const [path, target] of Object.entries(links)) await link(path, target);
		const load = () => loadScan({ file: join(folder, 'Scanfile.ts'), cacheFolder: join(folder, '.scanmake') });
		let before = identitiesByTarget(await load());
		await use({
			folder,
			load,
			link,
			write: (path, text) => writeFiles(folder, { [path]: text }),
			async changed() {
				const now = identitiesByTarget(await load());
				const names = Object.keys(now).filter((name) => now[name] !== before[name]);
				before = now;
				return names.sort();
			},
		});
	});
}

interface Ground {
	readonly folder: string;
	load(): ReturnType<typeof loadScan>;
	link(path: string, target: string): Promise<void>;
	write(path: string, text: string): Promise<void>;
	/** The targets whose identity is another than the last time. */
	changed(): Promise<readonly string[]>;
}

const link = { 'node_modules/neuron': '../packages/neuron' };

test('an edit in a linked package is seen though a bundle is kept and the version is the same', async (t) => {
	await linked({ ...neuron, 'Scanfile.ts': scanfile('neuron') }, link, async ({ write, changed }) => {
		const text = neuron['packages/neuron/index.js'] ?? '';
		t.deepEqual(await changed(), []);
		await write('packages/neuron/index.js', text.replace('x / 3', 'x / 4'));
		t.deepEqual(await changed(), ['spikes']);
		await write('packages/neuron/index.js', `// said\n${text.replace('x / 3', 'x  /  4')}`);
		t.deepEqual(await changed(), []);
	});
});

test('a link that leads elsewhere is seen though a bundle is kept', async (t) => {
	for (const name of ['neuron', '@lab/neuron']) {
		const [place, up] = [`node_modules/${name}`, name.includes('/') ? '../..' : '..'];
		const other = Object.fromEntries(
			Object.entries(neuron).map(([path, text]) => [path.replace('neuron', 'other'), text.replace('x / 3', 'x / 5')]),
		);
		const files = { ...neuron, ...other, 'Scanfile.ts': scanfile(name) };
		await linked(files, { [place]: `${up}/packages/neuron` }, async ({ link: put, changed }) => {
			t.deepEqual(await changed(), []);
			await put(place, `${up}/packages/other`);
			t.deepEqual(await changed(), ['spikes'], name);
		});
	}
});

test('a linked package that works only where it lies counts by all its files, and runs there', async (t) => {
	await linked({ ...placed, 'Scanfile.ts': scanfile('neuron') }, link, async ({ load, write, changed, folder }) => {
		const { scan, identities } = await load();
		const recipe = scan.rules[0]?.recipe;
		if (recipe === undefined || isProgram(recipe) || isPython(recipe)) return t.fail();
		t.is(recipe.run(), 0.25);
		t.deepEqual(
			identities[0]?.parts.flatMap(({ kind, name }) => (kind === 'package' ? [name] : [])),
			['package neuron'],
		);
		await write('packages/neuron/table.json', '{ "k": 5 }');
		t.deepEqual(await changed(), ['others', 'spikes']);
		await write('packages/neuron/lib/more.js', '1');
		t.deepEqual(await changed(), ['others', 'spikes'], 'a file that was not there');
		for (const aside of ['node_modules/x/index.js', '.git/HEAD', '.scanmake/x'])
			await write(`packages/neuron/${aside}`, '1');
		t.deepEqual(await changed(), []);
		await writeFile(join(folder, 'notes.txt'), 'none of the package');
		t.deepEqual(await changed(), []);
	});
});

test('a linked package that an installed one needs counts by all its files', async (t) => {
	const files = { ...solver, ...placed, 'Scanfile.ts': scanfile('solver') };
	await linked(files, link, async ({ load, write, changed }) => {
		t.deepEqual(
			(await load()).identities[0]?.parts
				.flatMap(({ kind, name, shown }) => (kind === 'package' ? [[name, shown]] : []))
				.at(-1)?.[0],
			'package neuron',
		);
		await write('packages/neuron/table.json', '{ "k": 6 }');
		t.deepEqual(await changed(), ['others', 'spikes']);
		await write('packages/neuron/table.json', '{ "k": 4 }');
		t.deepEqual(await changed(), ['others', 'spikes']);
		t.deepEqual(await changed(), []);
	});
});

test('where the Scanfile lies in the package that it links to, only the package counts', async (t) => {
	const files = {
		...placed,
		'packages/neuron/scan/Scanfile.ts': scanfile('neuron'),
		'packages/neuron/scan/node_modules/x.txt': '',
	};
	await inProject(files, async (folder) => {
		const place = join(folder, 'packages/neuron/scan');
		await symlink('../..', join(place, 'node_modules/neuron'));
		const load = async () =>
			identitiesByTarget(await loadScan({ file: join(place, 'Scanfile.ts'), cacheFolder: join(place, '.scanmake') }));
		const before = await load();
		await writeFiles(place, { 'results/spikes.csv': '1' });
		t.deepEqual(await load(), before);
		await writeFiles(folder, { 'packages/neuron/table.json': '{ "k": 7 }' });
		t.not((await load())['spikes'], before['spikes']);
	});
});

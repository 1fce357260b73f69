// The last step of the build: the command in few files, since Node takes half a millisecond for each that it imports.
// What it needs for a build with nothing to do is one file then; the rest stays in chunks that are loaded when needed.
// dist/cli and dist/engine stay as they are for those who import them, and for the tests.
import { chmodSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const dist = fileURLToPath(new URL('..', import.meta.url));
const program = `${dist}bin/cli/main.js`;

await build({
	// The thread's entry is looked for at ../workers from engine/executors, so both keep their folders.
	entryPoints: [`${dist}cli/main.js`, `${dist}engine/workers/node.js`],
	outbase: dist,
	outdir: `${dist}bin`,
	chunkNames: 'engine/executors/[name]-[hash]',
	bundle: true,
	splitting: true,
	format: 'esm',
	platform: 'node',
	target: 'node20',
	// Packages with native parts or that a no-op never loads stay packages; small pure ones are taken in.
	external: ['acorn', 'cacache', 'esbuild', 'lmdb', 'p-limit', 'scanmake', 'tinyglobby'],
	banner: {
		js: "import { createRequire as $createRequire } from 'node:module'; const require = $createRequire(import.meta.url);",
	},
	logLevel: 'error',
});
chmodSync(program, 0o755);

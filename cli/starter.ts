// The files of a new project: small, real and commented for somebody who knows models and not Node. Those that are the same
// for every model are here; the model and its Scanfile are a template's. Knows their text only; init.ts writes them.

/** What the files of a project are made of. */
export interface StarterNames {
	/** The project's name, as package.json takes it. */
	readonly project: string;
	/** This version of scanmake. */
	readonly version: string;
}

/** A name that npm takes, made from a folder's. */
export function projectName(folder: string): string {
	const name = folder
		.normalize('NFKD')
		.toLowerCase()
		.replace(/[^a-z0-9._-]+/g, '-')
		.replace(/^[-._]+|[-._]+$/g, '')
		.slice(0, 100);
	// a package of that name would stand in the way of the real one
	if (name === '') return 'my-scan';
	return name === 'scanmake' || name === 'node_modules' || name === 'typescript' ? `${name}-project` : name;
}

/** The files that differ with the language of the model. */
export interface Template {
	readonly language: 'python' | 'typescript';
	/** Names for the module with the model; the first that is free is taken. */
	readonly modules: readonly string[];
	/** The Scanfile. */
	scanfileText(module: string): string;
	/** The module with the model's functions. */
	modelText(): string;
}

/** How an editor and tsc check the project. */
export const compilerText = `{
  // For the editor, and for npx tsc, which checks that names and types fit. scanmake itself does not need this file.
  "compilerOptions": {
    "target": "es2023",
    "module": "nodenext",
    "types": ["*"],
    "strict": true,
    "noUncheckedIndexedAccess": true,
    "allowImportingTsExtensions": true,
    "skipLibCheck": true,
    "noEmit": true
  },
  "include": ["*.ts"]
}
`;

/** What npm installs for the project. */
export function packageText({ project, version }: StarterNames): string {
	const needs = { scanmake: `^${version}`, ...checkers };
	return `${JSON.stringify({ name: project, private: true, type: 'module', devDependencies: needs }, null, 2)}\n`;
}

/** What an editor needs besides scanmake. */
export const checkers = { '@types/node': '^20.19.0', typescript: '^7.0.2' } as const;

/** What Git leaves alone. */
export const ignoreText = '.scanmake/\nnode_modules/\n__pycache__/\n';

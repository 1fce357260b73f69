// Code that hides what it depends on: aliases, calls that nobody wrote, patches, order. Each edit changes what `relay`
// answers; results of the old code must not be taken for it.
import type { Edit, Reruns } from './ground.ts';
import { modelled, relayOnly } from './projects.ts';
import { testEdits } from './rows.ts';

type Exchange = readonly [old: string, now: string];

/** An edit of the model, of which `relay` reads `k`. */
function within(title: string, text: string, [old, now]: Exchange, expression = 'k', reruns: Reruns = relayOnly): Edit {
	const project = modelled(`${text}\nexport const relay = (p: { weight: number }): unknown => ${expression};`);
	return { title: `what hides behind ${title} is seen`, project, edits: { 'model.ts': [[old, now]] }, reruns };
}

const k2 = ['k = 2', 'k = 3'] as const;
const s = 'const settings: { k: number } = { k: 1 };\n';
const hook = (text: string) => `let k = 1;\n${text}`;

testEdits([
	within('an alias', `${s}const alias = settings;\nalias.k = 2;`, k2, 'settings.k'),
	within('an element of an array', `${s}const all = [settings];\nfor (const one of all) one.k = 2;`, k2, 'settings.k'),
	within('a value of a map', `${s}const map = new Map([[1, settings]]);\nmap.get(1)!.k = 2;`, k2, 'settings.k'),
	within(
		'a destructured part',
		'const settings = { in: { k: 1 } };\nconst { in: part } = settings;\npart.k = 2;',
		k2,
		'settings.in.k',
	),
	within('a callback of an array', `${s}[settings].forEach((one) => { one.k = 2; });`, k2, 'settings.k'),
	within(
		'what a function answers',
		`${s}function get() { const one = settings; return { one }; }\nconst { one } = get();\none.k = 2;`,
		k2,
		'settings.k',
	),
	within(
		'what a generator yields',
		`${s}function* all() { yield settings; }\nfor (const one of all()) one.k = 2;`,
		k2,
		'settings.k',
	),
	within(
		'what a promise holds',
		`${s}const promise = Promise.resolve(settings);\n(await promise).k = 2;`,
		k2,
		'settings.k',
	),
	within(
		'an argument that a function changes',
		`${s}const set = (one: typeof settings, k: number) => { one.k = k; };\nset(settings, 2);`,
		['settings, 2', 'settings, 3'],
		'settings.k',
	),
	within(
		'an argument that a function keeps',
		`${s}let kept = { k: 0 };\nconst keep = (one: typeof settings) => { kept = one; };\nkeep(settings);\nkept.k = 2;`,
		k2,
		'settings.k',
	),
	within(
		'an argument that an object keeps',
		`${s}class Keeper { constructor(readonly one: typeof settings) {} poke() { this.one.k = 2; } }\nnew Keeper(settings).poke();`.replace(
			'(readonly one: typeof settings) {}',
			'(one: typeof settings) { this.one = one; }',
		),
		k2,
		'settings.k',
	),
	within(
		'`this` of a call',
		`${s}function poke(this: typeof settings) { this.k = 2; }\npoke.call(settings);`,
		k2,
		'settings.k',
	),
	within(
		'`arguments`',
		`${s}function poke() { arguments[0].k = 2; }\n(poke as (one: object) => void)(settings);`,
		k2,
		'settings.k',
	),
	within(
		'two views of one buffer',
		'const buffer = new ArrayBuffer(8);\nconst k = new Float64Array(buffer);\nnew Uint8Array(buffer)[7] = 64;',
		['= 64', '= 65'],
		'k[0]',
	),
	within(
		'a part of a typed array',
		'const k = new Float64Array(2);\nk.subarray(0, 1).fill(2);',
		['fill(2)', 'fill(3)'],
		'k[0]',
	),
	within(
		'a weak map',
		'const object = {};\nconst map = new WeakMap();\nmap.set(object, 2);',
		['object, 2', 'object, 3'],
		'map.get(object)',
	),
	within(
		'Object.defineProperty',
		`${s}Object.defineProperty(settings, 'k', { get: () => 2 });`,
		['=> 2', '=> 3'],
		'settings.k',
	),
	within('Reflect.set', `${s}Reflect.set(settings, 'k', 2);`, ["'k', 2", "'k', 3"], 'settings.k'),
	within('a proxy', `${s}const proxy = new Proxy(settings, {});\nproxy.k = 2;`, k2, 'settings.k', { spikes: 2 }),
	within('a trap of a proxy', hook('export const x = new Proxy({} as { a: number }, { get() { k = 2; } }).a;'), k2),
	within('a getter that is read', hook('const o = { get a() { k = 2; return 1; } };\nexport const x = o.a;'), k2),
	within(
		'a getter that is destructured',
		hook('const o = { get a() { k = 2; return 1; } };\nexport const { a } = o;'),
		k2,
	),
	within(
		'a getter that is spread',
		hook('const o = { get a() { k = 2; return 1; } };\nexport const x = { ...o };'),
		k2,
	),
	within('a setter', hook('const o = { set a(x: number) { k = x; } };\no.a = 2;'), ['o.a = 2', 'o.a = 3']),
	within('toString', hook('const o = { toString() { k = 2; return ""; } };\nexport const x = "" + o;'), k2),
	within('valueOf', hook('const o = { valueOf() { k = 2; return 1; } };\nexport const x = +o + 1;'), k2),
	within('toJSON', hook('const o = { toJSON() { k = 2; } };\nexport const x = JSON.stringify(o);'), k2),
	within(
		'then',
		hook('const o = { then(done: (x: number) => void) { k = 2; done(1); } };\nexport const x = await o;'),
		k2,
	),
	within('an iterator', hook('const o = { *[Symbol.iterator]() { k = 2; yield 1; } };\nexport const [x] = o;'), k2),
	within(
		'a named callback of Array.from',
		hook('const set = () => { k = 2; };\nexport const x = Array.from([1], set);'),
		k2,
	),
	within(
		'a reviver of JSON.parse',
		hook('const set = () => { k = 2; };\nexport const x = JSON.parse("[1]", set);'),
		k2,
	),
	within(
		'a constructor that is inherited',
		hook('class Init { constructor() { k = 2; } }\nclass More extends Init {}\nexport const x = new More();'),
		k2,
	),
	within('a field of an instance', hook('class Init { x = (k = 2); }\nexport const x = new Init();'), k2),
	within(
		'a base class that is chosen by a call',
		hook('const base = () => { k = 2; return Object; };\nexport class Init extends base() {}'),
		k2,
	),
	within('a default parameter', hook('const init = (x = (k = 2)) => x;\nexport const x = init();'), k2),
	within('a function called through a list', hook('const init = () => { k = 2; };\n[init].forEach((f) => f());'), k2),
	within(
		'a bus of the project',
		hook('const all: ((x: number) => void)[] = [];\nall.push((x) => { k = x; });\nfor (const one of all) one(2);'),
		['one(2)', 'one(3)'],
	),
	within(
		'a prototype reached from an instance',
		'class Cell { k() { return 1; } }\nObject.getPrototypeOf(new Cell()).k = () => 2;',
		['=> 2', '=> 3'],
		'new Cell().k()',
	),
	within('eval in a body', 'const k = 2;', ['= 2', '= 3'], 'eval("k")'),
	within(
		'a number drawn from a counter',
		'let n = 0;\nconst next = () => ++n;\nconst k = next();\nconst other2 = next();',
		['const k = next();\nconst other2 = next();', 'const other2 = next();\nconst k = next();'],
	),
	within('the order of a reading and a change', 'let gain = 1;\nconst k = gain;\ngain = 5;', [
		'const k = gain;\ngain = 5;',
		'gain = 5;\nconst k = gain;',
	]),
	within('the order of a call and a change', 'let gain = 1;\nconst get = () => gain;\nconst k = get();\ngain = 5;', [
		'const k = get();\ngain = 5;',
		'gain = 5;\nconst k = get();',
	]),
	within('the order of a push and a change', 'let gain = 1;\nconst k: number[] = [];\nk.push(gain);\ngain = 5;', [
		'k.push(gain);\ngain = 5;',
		'gain = 5;\nk.push(gain);',
	]),
	within(
		'the order of a global and who reads it',
		'const world = globalThis as { hiddenOrder?: number };\nworld.hiddenOrder = 1;\nconst k = world.hiddenOrder;\nworld.hiddenOrder = 2;',
		['const k = world.hiddenOrder;\nworld.hiddenOrder = 2;', 'world.hiddenOrder = 2;\nconst k = world.hiddenOrder;'],
	),
]);

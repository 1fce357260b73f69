// Soundness of identities: whatever a statement at the top level of another module does to what a function reads, by
// whatever way of the language, the function's identity changes with the statement; that of an unrelated one does not.

import test from 'ava';
import { functionOf } from '../../function-of.ts';
import { type Files, identitiesByTarget, loadProject } from './projects.ts';

const state = `
export const obj = { x: 1, list: [2], inner: { y: 3 } };
export const table = new Map([['k', 4]]);
export let num = 5;
export const setNum = (v) => { num = v };
export class S { w = 6; m() { return this.w * 7 } static t = 8; static bump(v) { S.t += v } }
export const reg = [];
export const add = (f) => { reg.push(f) };
export const get = () => obj;
export const holder = { s: new S(), get(k) { return table.get(k) } };
export function Old(v) { this.v = v }
Old.prototype.read = function () { return this.v + 9 };
`;
const names = "import { obj, table, num, setNum, S, reg, add, get, holder, Old } from './state.js';\n";
const reading = `[
	obj.x, obj.list.length, obj.list.at(-1), obj.inner.y, table.get('k'), num, new S().m(), S.t, reg.map((f) => f(2)),
	get().x, holder.get('k'), holder.s.w, holder.s.m(), new Old(3).read(),
]`;

/** Statements; N is the number that is edited. */
const statements: readonly string[] = [
	'obj.x = N;',
	'obj.list.push(N);',
	'obj.inner.y += N;',
	"table.set('k', N);",
	'setNum(N);',
	'S.prototype.m = function () { return N };',
	'S.bump(N);',
	'add((x) => x * N);',
	'get().x = N;',
	'holder.s.w = N;',
	'const al = obj.inner; al.y = N;',
	'const { inner: part } = obj; part.y = N;',
	'function f(o) { o.x = N } f(obj);',
	'function g(o, v) { o.y = v } g(obj.inner, N);',
	'for (const o of [obj]) o.x = N;',
	'[obj.inner].forEach((o) => { o.y = N });',
	'Object.assign(obj, { x: N });',
	'const c = (o) => { const p = o; return () => { p.x = N } }; c(obj)();',
	'const w = { o: obj }; w.o.x = N;',
	'const box = {}; box.o = obj; box.o.x = N;',
	'const bx = []; bx.push(obj); bx[0].x = N;',
	'function st(b) { b.o = obj } const h = {}; st(h); h.o.x = N;',
	'const k = table; k.set("k", N);',
	'const bs = table.set.bind(table); bs("k", N);',
	'let t = N; setNum(t + 1);',
	'class T extends S { static go(v) { S.t = v } } T.go(N);',
	'class U { constructor(o) { this.o = o } set(v) { this.o.x = v } } new U(obj).set(N);',
	'class V { static { obj.inner.y = N } }',
	'const id = (v) => v; id(obj).x = N;',
	'const mk = () => ({ z: obj }); mk().z.x = N;',
	'Reflect.set(obj, "x", N);',
	'Object.defineProperty(obj, "x", { value: N });',
	'({ a: obj.x } = { a: N });',
	'[obj.x] = [N];',
	'const q = [obj, table]; const [r] = q; r.x = N;',
	'let lz; const init = () => { lz = obj; }; init(); lz.x = N;',
	'const e = { do(o) { o.x = N } }; e.do(obj);',
	'const ch = { a: { b: obj } }; const d = ch.a; d.b.x = N;',
	'if (obj) { const z = obj; z.x = N; }',
	'try { obj.x = N } catch {}',
	'const m = new Map([["o", obj]]); m.get("o").x = N;',
	'const s = new Set([obj]); for (const o of s) o.x = N;',
	'Object.values({ obj }).map((o) => { o.x = N; });',
	'const fs = [(v) => { obj.x = v }]; fs[0](N);',
	'const fo = { f(v) { setNum(v) } }; fo.f(N);',
	'function* gen() { yield obj } for (const o of gen()) o.x = N;',
	'const as = async () => { obj.x = N }; await as();',
	'const cond = N > 5000 ? obj : obj.inner; cond.y = N; obj.x = obj.y;',
	'obj.inner = { y: N };',
	'const pr = Object.create(obj); Object.getPrototypeOf(pr).x = N;',
	'Old.prototype.read = () => N;',
	'const P = Old.prototype; P.read = () => N;',
	'delete obj.list[0]; obj.list[0] = N;',
	'const cp = { ...holder }; cp.s.w = N;',
	'function va() { arguments[0].x = N } va(obj);',
	'const ap = (f, ...xs) => f(...xs); ap((o) => { o.x = N }, obj);',
	'((o) => { o.x = N })(obj);',
	'(function () { obj.x = N })();',
	'new Promise((ok) => { obj.x = N; ok(); });',
	`const tag = (strings, o) => { o.x = N }; tag\`a\${obj}\`;`,
	'const gs = { set v(n) { obj.x = n } }; gs.v = N;',
	'const gg = { get v() { obj.x = N; return 1 } }; gg.v;',
	'class W { set v(n) { obj.x = n } } new W().v = N;',
	'const px = new Proxy(obj, {}); px.x = N;',
	'const v1 = obj, v2 = v1; v2.x = N;',
	'let un1; un1 = obj; un1.x = N;',
	'let o1; [o1] = [obj]; o1.x = N;',
	'let o2; ({ o: o2 } = { o: obj }); o2.x = N;',
	'for (let i = 0, o = obj; i < 1; i++) o.x = N;',
	'const nest = () => { const inner = () => { obj.x = N }; inner() }; nest();',
	'const or = null ?? obj; or.x = N;',
	'const sq = (0, obj); sq.x = N;',
	'const th = { then(ok) { obj.x = N; ok() } }; await th;',
	'const ts = { toString() { obj.x = N; return "" } }; String(ts) + ts;',
	'const it = { *[Symbol.iterator]() { obj.x = N } }; [...it];',
	'const pa = (o) => (v) => { o.x = v }; const pb = pa(obj); pb(N);',
	'const cu = { o: null }; const fill = (o) => { cu.o = o }; fill(obj); cu.o.x = N;',
	'let sv; const keep = (o) => { sv = o }; keep(obj); sv.x = N;',
	'const ar = []; const kp = (o) => ar.push(o); kp(obj); ar[0].x = N;',
	'class X { static o; static keep(o) { X.o = o } } X.keep(obj); X.o.x = N;',
	'class Y { keep(o) { this.o = o; return this } } const y = new Y(); y.keep(obj); y.o.x = N;',
	'class Z { o = obj } const z = new Z(); z.o.x = N;',
	'class ZZ { get o() { return obj } } new ZZ().o.x = N;',
];

function project(statement: string, number: number): Files {
	return {
		'Scanfile.ts': `
import { scan, simulate } from 'scanmake';
import './patch.js';
import { other, relay } from './model.js';
export default scan({ spikes: simulate({ run: relay }), others: simulate({ run: other }) });
`,
		'state.js': state,
		'patch.js': names + statement.replaceAll(/\bN\b/g, String(number)),
		'model.js': `${names}export const relay = () => ${reading};\nexport const other = () => 1;\n`,
	};
}

for (const statement of statements) {
	test(`an identity changes with what changes what is read: ${statement}`, async (t) => {
		const one = await loadProject(project(statement, 5001));
		const two = await loadProject(project(statement, 5008));
		const results = [one, two].map(({ scan }) => scan.rules.map((rule) => JSON.stringify(functionOf(rule)())));
		t.notDeepEqual(results[0], results[1], 'the statement changes what is read');
		const [before, after] = [identitiesByTarget(one), identitiesByTarget(two)];
		t.not(before['spikes'], after['spikes']);
		// A prototype that is asked for may be the language's own, and that counts for every function.
		if (!statement.includes('getPrototypeOf')) t.is(before['others'], after['others']);
	});
}

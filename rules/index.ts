// The public words of a Scanfile, and nothing else.
export {
	type Axis,
	type AxisNotes,
	type AxisOptions,
	arange,
	axis,
	geomspace,
	linspace,
	logspace,
	type Origin,
} from './axis.ts';
export type { Io, OutputIo, PlainData, Row, ShapedArray, TypedArray } from './io.ts';
export type { Options } from './options.ts';
export { tool, type UsedTool, type UsedValue, value } from './plain.ts';
export {
	type Command,
	command,
	file,
	given,
	json,
	out,
	type Printed,
	type Python,
	param,
	python,
	shell,
	text,
	type Word,
} from './recipe.ts';
export { aggregate, analyze, generate, type Rule, simulate } from './rule.ts';
export { type Scan, type ScanOptions, scan } from './scan.ts';
export { grid, list, zip } from './sets.ts';
export type { ParameterSets, Params, SeedMode, Space, Trials, Value } from './space.ts';

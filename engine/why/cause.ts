// Why a task would run, as data: what its key is made of that is other than the last time, or what became of its result.
// Knows neither how that was found out nor how it is said.
import type { Failure } from '../outcome.ts';
import type { BuildRecord } from '../store/store.ts';

/** What became of something that keys are made of. */
export type How = 'changed' | 'added' | 'removed';

/** A part of a recipe's identity that is other than it was. */
export interface ChangedPart {
	readonly how: How;
	readonly kind: 'declaration' | 'statement' | 'package' | 'value' | 'variable' | 'file' | 'number' | 'words' | 'order';
	/** Relative to the Scanfile's folder; empty: none of it. */
	readonly file: string;
	readonly name: string;
	/** Short values, where it has them. */
	readonly before?: string;
	readonly after?: string;
}

/** A parameter with values that no set had, as canonical JSON: the first few, and how many more. */
export interface NewValues {
	readonly name: string;
	readonly values: readonly string[];
	readonly more: number;
}

/** One thing that makes tasks run. */
export type Cause =
	/** Nothing is remembered of this rule. */
	| { readonly kind: 'first' }
	/** The recipe is another one; `run` is the name of the function that the rule was given, if it has one. */
	| { readonly kind: 'code'; readonly run: string; readonly parts: readonly ChangedPart[] }
	/** A file, a plain value or a tool that the rule uses. */
	| {
			readonly kind: 'uses';
			readonly what: 'file' | 'value' | 'tool';
			readonly name: string;
			readonly how: How;
			readonly before?: string;
			readonly after?: string;
	  }
	/** An environment variable; canonical JSON, null where it is not set, undefined where the rule did not name it. */
	| {
			readonly kind: 'env';
			readonly name: string;
			readonly before: string | undefined;
			readonly after: string | undefined;
	  }
	/** `version`, canonical JSON. */
	| { readonly kind: 'version'; readonly before: string | undefined; readonly after: string | undefined }
	/** Something else in what all tasks of the rule have in common: scanmake makes keys in another way. */
	| { readonly kind: 'keys'; readonly name: string }
	/** The parameter set was not in the scan. */
	| {
			readonly kind: 'new-set';
			readonly values: readonly NewValues[];
			/** Parameters that the rule did not have, and that it does not have any more. */
			readonly added: readonly string[];
			readonly removed: readonly string[];
	  }
	/** A parameter's default, canonical JSON: which names are left out of the key. */
	| {
			readonly kind: 'default';
			readonly name: string;
			readonly before: string | undefined;
			readonly after: string | undefined;
	  }
	/** Seeds are made in another way: the modes of `.trials`. */
	| { readonly kind: 'seed'; readonly before: string; readonly after: string }
	/** An input, by its name in `from`, is new, is gone, or has another result; digests in hexadecimal where one task is meant. */
	| {
			readonly kind: 'input';
			readonly name: string;
			readonly how: How;
			readonly before?: string;
			readonly after?: string;
	  }
	/** Rows that an aggregate (by the rule's name) or an analysis (by its name in `from`) gets: how many are new, gone or have another result, or are in another order. */
	| {
			readonly kind: 'rows';
			readonly name: string;
			readonly changed: number;
			readonly added: number;
			readonly removed: number;
			readonly isReordered: boolean;
	  }
	/** A file that a command names, by a word as it is written or by one made of parameters. */
	| { readonly kind: 'file'; readonly name: string; readonly how: How }
	/** It failed the last time, for instance so. */
	| { readonly kind: 'failed'; readonly failure: Failure }
	/** The last build ended without it. */
	| { readonly kind: 'unfinished'; readonly how: 'not-started' | 'blocked' }
	/** Its result was there, and is not any more. */
	| { readonly kind: 'gone' }
	/** These inputs have to run first: the names under which it takes them, and the rules. */
	| { readonly kind: 'waits'; readonly inputs: readonly { readonly name: string; readonly rule: string }[] };

/** Tasks of a rule that would run, or may, for the same causes. */
export interface WhyGroup {
	readonly state: 'to-run' | 'waiting';
	readonly tasks: number;
	/** At least one; the first says most. */
	readonly causes: readonly Cause[];
	/** One of the tasks, as `name=value` words. */
	readonly example: string;
}

/** One rule: tasks = reused + left + all groups. */
export interface WhyTarget {
	readonly name: string;
	readonly rule: 'generate' | 'simulate' | 'aggregate' | 'analyze';
	readonly tasks: number;
	readonly reused: number;
	readonly left: number;
	readonly groups: readonly WhyGroup[];
}

/** One task: why it would run, or since when its result is reused. */
export interface WhyTask {
	readonly target: string;
	readonly rule: WhyTarget['rule'];
	readonly parameters: string;
	readonly state: 'reused' | 'to-run' | 'waiting';
	readonly causes: readonly Cause[];
	/** Of the result that is reused, or of the build that the causes compare with. */
	readonly build: BuildRecord | undefined;
	/** When the result that is reused was made, in milliseconds since 1970. */
	readonly endedAt: number | undefined;
	readonly key: string | undefined;
}

/** What `why` answers. */
export type WhyReport =
	| { readonly kind: 'targets'; readonly targets: readonly WhyTarget[]; readonly seconds: number }
	| { readonly kind: 'task'; readonly task: WhyTask; readonly seconds: number };

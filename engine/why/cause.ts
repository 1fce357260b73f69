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
	/** Short values and versions, where it has them; files, where it only moved. */
	readonly before?: string;
	readonly after?: string;
	/** The file that it was in, where that is another one. */
	readonly movedFrom?: string;
	/** Names between the function that was given as `run` and this one; of a package, the one that needs it. */
	readonly path?: readonly string[];
}

/** A parameter with values that no set had, as canonical JSON: the first few, and how many more. */
export interface NewValues {
	readonly name: string;
	readonly values: readonly string[];
	readonly more: number;
}

/** Some parameter sets of a rule, told apart from others. */
export interface Sets {
	readonly count: number;
	/** There are no others. */
	readonly isAll: boolean;
	/** Conditions that hold for them and no others, where a few say it. */
	readonly where?: readonly string[];
	/** The first ones, as `name=value` words, where none say it. */
	readonly examples?: readonly string[];
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
			/** Which of its parameter sets. */
			readonly sets?: Sets;
	  }
	/** Rows that an aggregate (by the rule's name) or an analysis (by its name in `from`) gets: how many are new, gone or have another result, or are in another order. */
	| {
			readonly kind: 'rows';
			readonly name: string;
			readonly changed: number;
			readonly added: number;
			readonly removed: number;
			readonly isReordered: boolean;
			/** Which they are. */
			readonly changedSets?: Sets;
			readonly addedSets?: Sets;
			readonly removedSets?: Sets;
	  }
	/** A file that a command names, by a word as it is written or by one made of parameters; of a script, with what it reaches. */
	| {
			readonly kind: 'file';
			readonly name: string;
			readonly how: How;
			readonly parts?: readonly ChangedPart[];
			/** Files of other tasks that are counted together: the first few, and how many more. */
			readonly others?: readonly string[];
			readonly more?: number;
	  }
	/** A program that a command starts: other bytes, or it came or went (`wasThere`, `isThere`), or keys did not have it. */
	| {
			readonly kind: 'program';
			readonly name: string;
			readonly how: How;
			readonly wasThere: boolean;
			readonly isThere: boolean;
	  }
	/** It failed the last time, for instance so. */
	| { readonly kind: 'failed'; readonly failure: Failure }
	/** The last build ended without it. */
	| { readonly kind: 'unfinished'; readonly how: 'not-started' | 'blocked' }
	/** Its result was there, and is not any more. */
	| { readonly kind: 'gone' }
	/** All that makes its key is as it was, and its result is another one: it ran again. */
	| { readonly kind: 'again' }
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
	/** Which they are, where they are not all tasks of the rule. */
	readonly sets?: Sets;
	/** What lies behind causes that are upstream, nearest first. */
	readonly behind?: readonly Behind[];
}

/** Tasks upstream that others wait for, or whose results are other than those that others ran with, and why. */
export interface Behind {
	readonly rule: string;
	readonly state: 'to-run' | 'differs';
	readonly tasks: number;
	/** Which they are; missing of small groups where there are many. */
	readonly sets?: Sets;
	readonly causes: readonly Cause[];
	/** What lies behind these in turn; what was said already is left out. */
	readonly behind: readonly Behind[];
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
	readonly behind?: readonly Behind[];
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

// What the engine answers: plans, build results, single tasks and tables, as data for the command line and for programs.

import type { Value } from '../rules/index.ts';
import type { ErrorKind } from './errors.ts';
import type { Failure } from './outcome.ts';
import type { BuildRecord } from './store/store.ts';
import type { WhyGroup } from './why/cause.ts';

export type { Behind, Cause, ChangedPart, Sets, WhyGroup, WhyReport, WhyTarget, WhyTask } from './why/cause.ts';

export type RuleKind = 'generate' | 'simulate' | 'aggregate' | 'analyze';

/** One target after a build: tasks = reused + ran + failed + blocked + left. */
export interface TargetReport {
	readonly name: string;
	readonly rule: RuleKind;
	readonly tasks: number;
	readonly reused: number;
	readonly ran: number;
	readonly failed: number;
	readonly blocked: number;
	readonly left: number;
	/** From the target's first started task to its last ended one. */
	readonly seconds: number;
}

export interface FailedTask {
	readonly target: string;
	readonly rule: RuleKind;
	/** `name=value` words, as `show` takes them. */
	readonly parameters: string;
	readonly failure: Failure;
}

export interface BuildReport {
	readonly targets: readonly TargetReport[];
	readonly ok: boolean;
	readonly seconds: number;
	readonly interrupted: boolean;
	/** The first hundred; the counts are in `targets`. */
	readonly failures: readonly FailedTask[];
	/** Files of the built analyses, under readable paths. */
	readonly written: readonly { readonly target: string; readonly paths: readonly string[] }[];
	/** The folder with the work folders of its tasks, where they were to be kept. */
	readonly kept: string | undefined;
	/** Why the build could not go on to its end (store, disk or executor): what was done is kept. */
	readonly broken: { readonly kind: ErrorKind; readonly message: string } | undefined;
}

/** One target of a plan: tasks = reused + toRun + unknown + blocked + left. */
export interface PlannedTarget {
	readonly name: string;
	readonly rule: RuleKind;
	readonly tasks: number;
	readonly reused: number;
	/** Known to run. */
	readonly toRun: number;
	/** Their inputs must run first. */
	readonly unknown: number;
	/** Always 0: nothing has failed yet. */
	readonly blocked: number;
	/** Outside `--where`. */
	readonly left: number;
	/** Why, counted: their tasks add up to toRun and unknown. */
	readonly groups: readonly WhyGroup[];
}

export interface PlanReport {
	readonly targets: readonly PlannedTarget[];
	/** Remarks on the Scanfile, for instance a clock read inside a function. */
	readonly warnings: readonly {
		readonly message: string;
		readonly file?: string | undefined;
		readonly line?: number | undefined;
	}[];
	readonly ok: boolean;
	readonly seconds: number;
}

/** One task, as `show` shows it. */
export interface TaskView {
	readonly target: string;
	readonly rule: RuleKind;
	readonly params: Readonly<Record<string, Value>>;
	readonly state: 'done' | 'damaged' | 'failed' | 'not-run' | 'inputs-missing';
	/** Hexadecimal; undefined where the inputs are missing. */
	readonly key: string | undefined;
	readonly digest: string | undefined;
	/** Decoded; undefined unless done. */
	readonly result: unknown;
	readonly files: readonly {
		readonly name: string;
		readonly size: number;
		readonly executable: boolean;
		readonly digest: string;
	}[];
	readonly log: string;
	readonly failure: Failure | undefined;
	readonly seconds: number | undefined;
	readonly endedAt: number | undefined;
	readonly attempt: number | undefined;
	readonly build: BuildRecord | undefined;
}

/** The rows of a target, read one at a time. */
export interface TableReader {
	readonly target: string;
	readonly rule: RuleKind;
	/** Parameter names in declared order, `trial` and `seed` last where there are any. */
	readonly parameters: readonly string[];
	readonly size: number;
	/** Rows without a result (not run, failed, damaged in the store) have `done: false`. */
	rows(): IterableIterator<{
		readonly params: Readonly<Record<string, Value>>;
		readonly done: boolean;
		/** There is a result, but the store cannot give it back. */
		readonly isDamaged?: boolean;
		readonly result: unknown;
	}>;
}

/** One rule of the scan, for `graph`. */
export interface RuleNode {
	/** The target's name, or a name made from its consumer's (`spikes.input`) where it is no target. */
	readonly name: string;
	readonly kind: RuleKind;
	readonly isTarget: boolean;
	readonly tasks: number;
	readonly parameters: readonly string[];
	/** Names of the rules it takes inputs from, with the name under which it takes them. */
	readonly from: readonly { readonly as: string; readonly rule: string }[];
}

export interface GcReport {
	/** Results of the present Scanfile that were damaged and are forgotten: they run again. */
	readonly damaged: number;
	readonly kept: number;
	readonly removed: number;
	readonly freedBytes: number;
}

export interface BuildOptions {
	readonly jobs?: number | undefined;
	readonly failFast?: boolean | undefined;
	/** As typed after `--where`. */
	readonly where?: string | undefined;
	readonly signal?: AbortSignal | undefined;
	/** What is recorded of this build beside its results. */
	readonly command?: string | undefined;
	/** Work folders are not removed. */
	readonly keep?: boolean | undefined;
}

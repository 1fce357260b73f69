// What the engine says while it works, as a union. It words no sentence: the command line does.
import type { Failure } from './outcome.ts';

/** Tasks of one target by how they stand. tasks = reused + ran + failed + blocked + left, once the build is over. */
export interface Tally {
	tasks: number;
	reused: number;
	ran: number;
	failed: number;
	blocked: number;
	left: number;
}

export type EngineEvent =
	| {
			readonly kind: 'planned';
			/** `outside`: how many of the tasks lie outside `--where` and are not for this build. */
			readonly targets: readonly {
				readonly name: string;
				readonly rule: 'generate' | 'simulate' | 'aggregate' | 'analyze';
				readonly tasks: number;
				readonly outside?: number | undefined;
			}[];
	  }
	| { readonly kind: 'started'; readonly slots: number }
	/** `target` is an index of `planned`; `running`: sent to workers and not answered yet. */
	| {
			readonly kind: 'progress';
			readonly target: number;
			readonly tally: Readonly<Tally>;
			readonly running: number;
	  }
	/**
	 * Tasks that one worker ran one after the other, ended just now. `at`: milliseconds since 1970. `parameters`: those of a
	 * task that came alone and took long.
	 */
	| {
			readonly kind: 'answered';
			readonly target: number;
			readonly worker: number;
			readonly tasks: number;
			readonly failed: number;
			readonly seconds: number;
			readonly at: number;
			readonly parameters?: string | undefined;
	  }
	/** The engine itself was busy: one span of its own work, such as laying out or committing. `at`: its begin. */
	| { readonly kind: 'worked'; readonly what: string; readonly seconds: number; readonly at: number }
	| {
			readonly kind: 'task-failed';
			readonly target: string;
			readonly rule: string;
			/** `name=value` words that name the task on the command line. */
			readonly parameters: string;
			readonly failure: Failure;
			readonly willRetry: boolean;
	  }
	| { readonly kind: 'notice'; readonly message: string }
	| { readonly kind: 'stopping'; readonly reason: 'interrupt' | 'fail-fast' };

/** Takes events as they happen. */
export type Listener = (event: EngineEvent) => void;

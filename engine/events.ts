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
				readonly tasks: number;
				readonly outside?: number | undefined;
			}[];
	  }
	| { readonly kind: 'started'; readonly slots: number }
	| { readonly kind: 'progress'; readonly target: number; readonly tally: Readonly<Tally> }
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

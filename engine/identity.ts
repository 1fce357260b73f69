// When a recipe is the same code.
import type { Scan } from '../rules/index.ts';
import { digestBytes } from './digest.ts';

/** The identity of a rule's recipe. */
export interface RuleIdentity {
	/** 32 bytes. */
	readonly digest: Uint8Array;
	/** The declarations that were reached: file relative to the Scanfile's folder, declared name, digest of its own text. */
	readonly parts: readonly { readonly file: string; readonly name: string; readonly digest: string }[];
}

export function identitiesOf(scan: Scan): readonly RuleIdentity[] {
	return scan.rules.map((rule) => ({
		digest: digestBytes(Function.prototype.toString.call(rule.recipe.run)),
		parts: [],
	}));
}

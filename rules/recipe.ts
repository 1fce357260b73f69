// What a rule runs, as data. A recipe does not know its rule, its parameters' values or where it runs.

/** A function of the Scanfile or of a module that it imports. */
export interface FunctionRecipe {
	readonly kind: 'function';
	readonly run: (...given: never[]) => unknown;
}

/** What a rule runs. */
export type Recipe = FunctionRecipe;

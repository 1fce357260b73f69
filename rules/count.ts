// A count as people read it. Intl is not used: its first call takes longer than all of scanmake's own start.

/** 5282 → `5,282`. */
export function count(value: number): string {
	return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

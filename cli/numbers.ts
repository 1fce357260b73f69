// Numbers as people read them: counts, durations, rates, sizes, moments. Knows no task and no target.
import { count } from '../rules/count.ts';

export { count };

/** `1 task`, `2,640 tasks`. */
export function counted(value: number, one: string, many = `${one}s`): string {
	return `${count(value)} ${value === 1 ? one : many}`;
}

/** 0.0123 → `12 ms`, 0.154 → `0.15 s`, 75 → `1 min 15 s`, 7500 → `2 h 5 min`. */
export function duration(seconds: number): string {
	if (seconds === 0) return '0 s';
	if (seconds < 0.0995) return `${Number((seconds * 1000).toPrecision(2))} ms`;
	if (seconds < 9.95) return `${seconds.toFixed(seconds < 0.995 ? 2 : 1)} s`;
	const whole = Math.round(seconds);
	if (whole < 60) return `${whole} s`;
	if (whole < 3600) return pair(Math.floor(whole / 60), 'min', whole % 60, 's');
	const minutes = Math.round(seconds / 60);
	if (minutes < 48 * 60) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
	const hours = Math.round(seconds / 3600);
	return pair(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** As `duration`, in steps of a second, five seconds, a minute: for what is estimated, and read while it changes. */
export function roughDuration(seconds: number): string {
	if (seconds < 59.5) return `${Math.round(seconds)} s`;
	const step = seconds < 597.5 ? 5 : 60;
	return duration(Math.round(seconds / step) * step);
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
	return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** Tasks per second, in two digits since it is measured → `810/s`, `4.2/s`, `9.5/min`, `3.6/h`. */
export function rate(perSecond: number): string {
	if (perSecond >= 0.995) return `${twoDigits(perSecond)}/s`;
	if (perSecond * 60 >= 0.995) return `${twoDigits(perSecond * 60)}/min`;
	return `${twoDigits(perSecond * 3600)}/h`;
}

function twoDigits(value: number): string {
	return value < 9.95 ? value.toFixed(1) : count(Number(value.toPrecision(2)));
}

/** 12595 → `12.3 KiB`. */
export function bytes(size: number): string {
	const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
	let value = size;
	let unit = 0;
	while (value >= 1023.95 && unit < units.length - 1) {
		value /= 1024;
		unit++;
	}
	return unit === 0 ? counted(size, 'byte') : `${value.toFixed(1)} ${units[unit]}`;
}

/** Milliseconds since 1970 → `2026-11-22 18:58:42 UTC`. */
export function instant(milliseconds: number): string {
	return `${new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

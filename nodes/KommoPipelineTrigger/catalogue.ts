import {
	EVENTS,
	OTHER_OUTPUT,
	type CatalogueEntry,
	type EventCode,
	type KommoEvent,
} from './events';

/** For version 1 n8n looks for the options of its own old Webhook node, at every request. */
const FIRST_VERSION = 1.1;

type Entry = CatalogueEntry & { code: EventCode };
const ENTRIES: readonly Entry[] = EVENTS;

/** The versions of the node, oldest first. A workflow keeps the one that its node was added with. */
export const VERSIONS = [...new Set(ENTRIES.map(({ since = FIRST_VERSION }) => since))];

/** Other stays behind the events of the first version; what came later is behind it. */
const OUTPUTS: ReadonlyArray<Pick<CatalogueEntry, 'output' | 'since'>> = [
	...ENTRIES.filter(({ since }) => since === undefined),
	{ output: OTHER_OUTPUT },
	...ENTRIES.filter(({ since }) => since !== undefined),
];

/** A version that does not exist, which generated workflows may name, is taken for the first. */
const isIn = (version: number) => {
	const known = VERSIONS.includes(version) ? version : FIRST_VERSION;
	return ({ since = FIRST_VERSION }: { since?: number }) => since <= known;
};

/** A JavaScript expression for n8n of what belongs to the version of the node. */
export function ofNodeVersion(toValue: (version: number) => unknown): string {
	const values = Object.fromEntries(VERSIONS.map((version) => [version, toValue(version)]));
	return `((values) => values[$nodeVersion] ?? values[${FIRST_VERSION}])(${JSON.stringify(values)})`;
}

/** The events that this version of the node knows. */
export function eventsOf(version: number): readonly Entry[] {
	return ENTRIES.filter(isIn(version));
}

/** The labels of the outputs of this version of the node, in order. */
export function outputsOf(version: number): string[] {
	return OUTPUTS.filter(isIn(version)).map(({ output }) => output);
}

/** The event's code; nothing for an Other event. */
export function codeOf(event: KommoEvent, version: number): EventCode | undefined {
	return findEntry(event, version)?.code;
}

/** The label of the event's output. */
export function outputOf(event: KommoEvent, version: number): string {
	return findEntry(event, version)?.output ?? OTHER_OUTPUT;
}

function findEntry({ event, entity }: KommoEvent, version: number): Entry | undefined {
	const isKnown = isIn(version);
	return ENTRIES.find(
		(entry) => entry.code === event && entry.entities.includes(entity) && isKnown(entry),
	);
}

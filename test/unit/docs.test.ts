import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { INodeProperties } from 'n8n-workflow';

import * as accountPanel from '../../nodes/KommoAccountTrigger/description';
import { EVENTS as accountEvents } from '../../nodes/KommoAccountTrigger/events';
import { properties } from '../../nodes/KommoPipelineTrigger/description';
import { EVENTS as pipelineEvents } from '../../nodes/KommoPipelineTrigger/events';
import * as pollingPanel from '../../nodes/KommoPollingTrigger/description';
import { EVENTS as pollingEvents } from '../../nodes/KommoPollingTrigger/events';
import { toKommoEvent } from '../../nodes/KommoPollingTrigger/items/item';
import { withFields } from '../../nodes/shared/events/customFields';
import type { EventRow } from '../../nodes/shared/events/eventTable';
import type { Json, JsonMap } from '../../nodes/shared/events/json';
import type { KommoEvent } from '../../nodes/shared/events/event';
import { readEvents } from '../../nodes/shared/decoding/payload';
import { homepage } from '../../package.json';
import { makeBody } from '../../scripts/kommo/body';
import { findEvent } from '../../scripts/kommo/events';
import { readRequest } from '../../scripts/n8n/example';
import { PROJECT_FOLDER } from '../../scripts/project/folder';

const read = (path: string) => readFileSync(join(PROJECT_FOLDER, path), 'utf8');

const filesIn = (folder: string, ending: string, recursive = false) =>
	readdirSync(join(PROJECT_FOLDER, folder), { encoding: 'utf8', recursive })
		.filter((name) => name.endsWith(ending))
		.map((name) => join(folder, name));

const PAGES = [...filesIn('.', '.md'), ...filesIn('docs', '.md')];

const PIPELINE_PAGE = 'docs/pipeline-trigger.md';
const ACCOUNT_PAGE = 'docs/account-trigger.md';
const POLLING_PAGE = 'docs/polling-trigger.md';

const CODE_BLOCK = /^( *)```[^]*?^\1```$/gm;
const CODE = /`[^`\n]+`/g;
const LINK = /\]\(([^)\s]+)\)|\b(?:href|src|srcset)="([^"]+)"/g;

/** Everything that a page links or shows, except other sites */
function linksOf(page: string): string[] {
	return Array.from(
		read(page).replace(CODE_BLOCK, '').replace(CODE, '').matchAll(LINK),
		([, markdown, html]) => (markdown ?? html)!,
	).filter((link) => !/^[a-z]+:/.test(link));
}

/** The anchors that GitHub gives to the headings of a page */
function anchorsOf(page: string): string[] {
	return Array.from(
		read(page)
			.replace(CODE_BLOCK, '')
			.matchAll(/^#+ (.+)$/gm),
		([, heading]) =>
			heading!
				.toLowerCase()
				.replace(/[^\p{L}\p{N} _-]/gu, '')
				.replaceAll(' ', '-'),
	);
}

function leadsSomewhere(page: string, link: string): boolean {
	const [path, anchor] = link.split('#') as [string, string?];
	const target = path ? join(dirname(page), path) : page;
	if (!existsSync(join(PROJECT_FOLDER, target))) return false;
	return anchor === undefined || anchorsOf(target).includes(anchor);
}

/** The cells of the first table below a heading of a page */
function tableBelow(heading: string, page: string): string[][] {
	const [, section = ''] = read(page).split(`\n## ${heading}\n`);
	const [table = ''] = /(^\|.*\n)+/m.exec(section) ?? [];
	const rows = table.trim().split('\n').slice(2);
	return rows.map((row) => row.split('|').slice(1, -1)).map((row) => row.map((c) => c.trim()));
}

test.each(PAGES)('every link and image of %s leads to a file, and to a heading of it', (page) => {
	expect(linksOf(page).filter((link) => !leadsSomewhere(page, link))).toEqual([]);
});

test('every link of the nodes and their credentials leads to a page, and to a heading of it', () => {
	const sources = ['.ts', '.json'].flatMap((ending) => [
		...filesIn('nodes', ending, true),
		...filesIn('credentials', ending),
	]);
	const repository = homepage.replace('#readme', '');
	const links = sources.flatMap((file) =>
		Array.from(
			read(file).matchAll(new RegExp(`${repository}(?:/blob/main/([\\w/.-]+))?(#[\\w-]+)?`, 'g')),
			([, page = 'README.md', anchor = '']) => page + anchor.replace('#readme', ''),
		),
	);

	expect(links.length).toBeGreaterThan(3);
	expect(links.filter((link) => !leadsSomewhere('.', link))).toEqual([]);
});

test('the sentences that docs/troubleshooting.md quotes are those of the nodes', () => {
	const sources = filesIn('nodes', '.ts', true).map(read).join('\n');
	const quotes = Array.from(
		read('docs/troubleshooting.md')
			.replace(/\s+/g, ' ')
			.matchAll(/_"([^"]+)"_/g),
		([, quote]) => quote!,
	);
	expect(quotes.length).toBeGreaterThan(5);
	const parts = quotes.flatMap((quote) => quote.split('...'));
	expect(parts.filter((part) => !sources.includes(part))).toEqual([]);
});

test.each<[string, readonly EventRow[]]>([
	[PIPELINE_PAGE, pipelineEvents],
	[ACCOUNT_PAGE, accountEvents],
	[POLLING_PAGE, pollingEvents],
])('%s names each event of Trigger On with its code', (page, events) => {
	const text = read(page).replace(/\s+/g, ' ');
	const isMissing = ({ name, code }: EventRow) =>
		!text.includes(name) || !text.includes(`\`${code}\``);
	expect(events.filter(isMissing)).toEqual([]);
});

/** n8n adds it to every polling trigger. */
const POLL_TIMES: INodeProperties = {
	displayName: 'Poll Times',
	name: 'pollTimes',
	type: 'fixedCollection',
	default: {},
};

test('the parameters of docs/parameters.md are those of the triggers', () => {
	const panels = [properties, accountPanel.properties, [POLL_TIMES, ...pollingPanel.properties]];
	const names = panels
		.flat()
		.filter(({ type }) => !['notice', 'credentials', 'hidden'].includes(type))
		.flatMap(({ type, displayName, options }) =>
			type === 'collection'
				? (options as INodeProperties[]).map((option) => `${displayName}: ${option.displayName}`)
				: displayName,
		);

	const [list = ''] = read('docs/parameters.md').split('\n## ');
	const listed = Array.from(list.matchAll(/^- \*\*(.+?)\*\*: /gm), ([, name]) => name!);
	expect(listed.sort()).toEqual([...new Set(names)].sort());
});

test.each([
	['docs/items.md', readRequest('status')],
	[ACCOUNT_PAGE, makeBody(findEvent('add_message')!)],
])('the item of %s is what the sample request gives', (page, request) => {
	const [, example = ''] = /```json\n([^`]+)```/.exec(read(page)) ?? [];

	expect(readEvents(request)).toEqual([
		expect.objectContaining({ ...JSON.parse(example), account: expect.anything() as unknown }),
	]);
});

test('the custom fields of docs/items.md are read as it says, in both forms', () => {
	const rows = tableBelow('Custom fields', 'docs/items.md');
	expect(rows.length).toBeGreaterThan(3);
	for (const [name = '', webhook = '', api = '', fields = ''] of rows) {
		const valuesIn = (cell: string) =>
			(JSON.parse(`{${cell.replaceAll('`', '')}}`) as JsonMap).values!;
		const [ofWebhook, ofApi = ofWebhook] = Array.from(
			fields.matchAll(/`(.+?)`/g),
			([, json = '']) => JSON.parse(json) as Json,
		);
		const values = valuesIn(webhook);
		expect(withFields({ custom_fields: [{ name, values }] }).fields).toEqual({ [name]: ofWebhook });
		const sent = { field_name: name, values: api === 'the same' ? values : valuesIn(api) };
		expect(withFields({ custom_fields_values: [sent] }).fields).toEqual({ [name]: ofApi });
	}
});

test('the item of docs/polling-trigger.md is what the trigger makes of an event', () => {
	const [, example = ''] = /```json\n([^`]+)```/.exec(read(POLLING_PAGE)) ?? [];
	const item = JSON.parse(example) as KommoEvent & { created_at: number };
	const { id, event_id, account, entity, event, ...fields } = item;
	const { id: account_id, subdomain } = account as { id: number; subdomain: string };
	const listed = { ...fields, id: String(event_id), type: 'lead_status_changed', account_id };

	expect([entity, event]).toEqual(['leads', 'status']);
	expect(toKommoEvent({ ...listed, entity_id: id!, entity_type: 'lead' }, subdomain)).toEqual(item);
});

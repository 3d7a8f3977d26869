import { setTimeout as sleep } from 'node:timers/promises';

import { toResponse } from '../kommo/standIn/answers';
import { Events } from '../kommo/standIn/events';
import { loadPackage } from '../../test/support/builtPackage';
import { BuiltTrigger } from '../../test/support/builtTrigger';
import { printTable } from './measure';

const DAY = 24 * 60 * 60;

/** How long ago the last event happened, in seconds: it can no longer come late. */
const LATE = 10 * 60;

/** Requests a second that Kommo allows */
const ALLOWED = 7;

interface Case {
	account: string;
	pageSize: number;
	events: number;
	/** Of Kommo's API, in ms */
	latency: number;
}

const CASES: Case[] = [
	{ account: 'acme', pageSize: 250, events: 10_000, latency: 300 },
	{ account: 'acme.amocrm.ru', pageSize: 100, events: 10_000, latency: 300 },
	{ account: 'acme', pageSize: 250, events: 100_000, latency: 300 },
	{ account: 'acme', pageSize: 250, events: 100_000, latency: 1_000 },
];

/** Prints what it takes to catch up with the events of a day in real time, compared with what Kommo allows. */
export async function benchPolling(): Promise<void> {
	const rows: string[][] = [];
	for (const each of CASES) rows.push(await catchUp(each));
	printTable(
		'Polling: the events of a day (10,000 in one poll, at most 1.4 times the limit; 100,000 in at most 11)',
		[
			'Events',
			'A page',
			'API',
			'Polls',
			'Requests',
			'Polling',
			'Times the limit',
			'At rest',
			'Static data',
		],
		rows,
	);
}

async function catchUp({ account, pageSize, events: count, latency }: Case): Promise<string[]> {
	const events = new Events();
	let requests = 0;
	await loadPackage();
	const trigger = new BuiltTrigger({
		type: 'kommoPollingTrigger',
		credentials: { kommoPipelineAccessTokenApi: { account, accessToken: 'x' } },
		parameters: { authentication: 'accessToken' },
		answer: async ({ url }) => {
			requests++;
			await sleep(latency / 2);
			const answer = toResponse(events.answer(new URL(url).searchParams));
			await sleep(latency / 2);
			return answer;
		},
	});
	await letDayPass(trigger, events, count);
	// So that earlier requests do not make the first poll wait for its turn
	await sleep(2_000);
	let [given, polls, spent, size] = [0, 0, 0, 0];
	requests = 0;
	const poll = async () => {
		const started = performance.now();
		const items = (await trigger.poll())?.flat() ?? [];
		spent += performance.now() - started;
		size = Math.max(size, JSON.stringify(trigger.workflow.staticData).length);
		return new Set(items.map(({ event_id }) => event_id)).size;
	};
	while (given < count && polls < 50) {
		given += await poll();
		polls++;
	}
	if (given !== count) throw new Error(`${given} of ${count} events were given`);
	const [caughtUp, seconds] = [requests, spent / 1000];
	await poll();
	// Requests for pages after the last one may still be under way.
	await sleep(2_000);
	requests = 0;
	await poll();
	return [
		count.toLocaleString('en'),
		String(pageSize),
		`${latency} ms`,
		String(polls),
		String(caughtUp),
		`${seconds.toFixed(1)} s`,
		(seconds / (count / pageSize / ALLOWED)).toFixed(2),
		`${requests} request`,
		`${Math.ceil(size / 1000)} kB`,
	];
}

/** Lets the trigger begin a day ago, and this many events happen since then. */
async function letDayPass(trigger: BuiltTrigger, events: Events, count: number): Promise<void> {
	const { now } = Date;
	Date.now = () => now() - 1000 * (DAY + LATE);
	await trigger.beginPolling();
	Date.now = now;
	const start = Math.floor(now() / 1000) - DAY - LATE;
	for (let number = 0; number < count; number++) {
		events.happen({ created_at: start + Math.floor((number * DAY) / count) });
	}
}

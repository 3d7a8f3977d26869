import { setTimeout as sleep } from 'node:timers/promises';

import type { Browser } from 'playwright-core';

import type { Instance } from '../support/instance';
import type { KommoStandIn } from '../../scripts/kommo/standIn/kommoStandIn';
import { PUBLIC_ADDRESS, startWithKommo, type WithKommo } from '../support/withKommo';
import { launchChromium } from './chromium';
import { Editor } from './editor';
import { takePictureOfFailure } from './pictures';

/** Kommo, a real n8n, and its editor with a new workflow in a browser, for the tests of one file. */
export class Session<Name extends string> {
	private constructor(
		private readonly running: WithKommo<Name>,
		private readonly browser: Browser,
		readonly editor: Editor,
	) {}

	static async start<Name extends string>(
		setup: Parameters<typeof startWithKommo<Name>>[0],
	): Promise<Session<Name>> {
		const running = await startWithKommo(setup);
		let browser: Browser | undefined;
		try {
			browser = await launchChromium();
			const editor = await Editor.open(browser, running.instance.n8n.url);
			await editor.newWorkflow();
			return new Session(running, browser, editor);
		} catch (error) {
			await browser?.close();
			await running.stop();
			throw error;
		}
	}

	get kommo(): KommoStandIn {
		return this.running.kommo;
	}

	get instance(): Instance<Name> {
		return this.running.instance;
	}

	async stop(): Promise<void> {
		await this.browser.close();
		await this.running.stop();
	}

	/** The URL with the address that the instance listens at, in place of its public one. */
	atInstance(url: string): string {
		return url.replace(PUBLIC_ADDRESS, this.instance.n8n.url);
	}
}

/** Makes tests that keep what the browser showed when they fail. */
export const stepsIn =
	(session: () => Session<string>) => (name: string, run: () => Promise<void>) =>
		it(name, async () => {
			try {
				await run();
			} catch (error) {
				const picture = await takePictureOfFailure(session().editor.page);
				console.log(`The editor at that time: ${picture}`);
				throw error;
			}
		});

/** Reads until the value is as expected: n8n's editor draws one thing after the other. */
export async function untilEqual(read: () => Promise<unknown>, expected: unknown): Promise<void> {
	const deadline = Date.now() + 60_000;
	while (true) {
		const value = await read();
		try {
			return expect(value).toEqual(expected);
		} catch (error) {
			if (Date.now() > deadline) throw error;
		}
		await sleep(100);
	}
}

import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Locator, Page } from 'playwright-core';

/** Where pictures go; without it none is taken */
const FOLDER = process.env.PICTURES;

/** Around what is on a canvas, in CSS pixels */
const MARGIN = 24;

/** What a page of documentation has room for, in CSS pixels */
const MAX_HEIGHT = 900;

/** What lies over a canvas or a panel, and is none of its business */
const OVERLAYS = [
	'.el-notification',
	'[data-test-id="canvas-controls"]',
	'[data-test-id="execute-workflow-button"]',
	'[data-test-id="node-creator-plus-button"]',
	'[data-test-id="canvas-minimap"]',
	'[data-test-id^="execution-preview-details"]',
	// What opens by itself: the checklist for the first workflow that is published, the tip to pin a test event
	'[data-reka-popper-content-wrapper]',
	'.el-popper',
].join(', ');

interface Box {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** Takes a picture of one part of a page, in light and in dark, if pictures are wanted. */
export async function takePicture(
	page: Page,
	name: string,
	part: Locator,
	{ margin = 0, maxHeight = MAX_HEIGHT, hidden = '' } = {},
): Promise<void> {
	if (!FOLDER) return;
	mkdirSync(FOLDER, { recursive: true });
	const style = `${OVERLAYS}${hidden} { visibility: hidden !important; }`;
	for (const colorScheme of ['light', 'dark'] as const) {
		await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
		await page.waitForTimeout(500);
		const box = await boxAround(part, margin);
		const clip = { ...box, height: Math.min(box.height, maxHeight) };
		await page.screenshot({ path: join(FOLDER, `${name}-${colorScheme}.png`), clip, style });
	}
	await page.emulateMedia({ colorScheme: 'light' });
}

/** What n8n draws of a workflow: nodes, their names and subtitles, the labels of their outputs */
const DRAWN =
	'.vue-flow__node, .vue-flow__node [class*="_label_"], .vue-flow__node [class*="_subtitle_"], [data-test-id="canvas-handle-plus"]';
const NOTES = '.vue-flow__node:has([data-test-id="sticky"])';
const DRAWN_WITHOUT_NOTES = DRAWN.replaceAll('.vue-flow__node', `.vue-flow__node:not(${NOTES})`);

/** Takes a picture of the nodes and wires on the canvas, without what lies over them. */
export async function takeCanvasPicture(
	page: Page,
	name: string,
	{ withNotes = true } = {},
): Promise<void> {
	await page.getByTestId('zoom-to-fit').click();
	const drawn = page.locator(withNotes ? DRAWN : DRAWN_WITHOUT_NOTES);
	await takePicture(page, name, drawn, {
		margin: MARGIN,
		hidden: withNotes ? '' : `, ${NOTES}, ${NOTES} *`,
	});
}

/** The box that holds all elements, with a margin in CSS pixels. */
async function boxAround(elements: Locator, margin: number): Promise<Box> {
	const boxes = await Promise.all((await elements.all()).map((element) => element.boundingBox()));
	const found = boxes.filter((box): box is Box => box !== null);
	const left = Math.min(...found.map(({ x }) => x)) - margin;
	const top = Math.min(...found.map(({ y }) => y)) - margin;
	const right = Math.max(...found.map(({ x, width }) => x + width)) + margin;
	const bottom = Math.max(...found.map(({ y, height }) => y + height)) + margin;
	return { x: Math.max(left, 0), y: Math.max(top, 0), width: right - left, height: bottom - top };
}

/** What the page shows when a test fails, for who has to find out why. */
export async function takePictureOfFailure(page: Page): Promise<string> {
	const path = join(tmpdir(), 'kommo-pipeline-editor.png');
	await page.screenshot({ path });
	return path;
}

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import execa from 'execa';
import type { Locator, Page } from 'playwright-core';

/** The folder for pictures. Without it, no picture is taken. */
const FOLDER = process.env.PICTURES;

/** In pixels; twice what a page of documentation shows */
const MAX_WIDTH = 1600;

/** How many pixels of a picture may differ, by 5% of their color, before a person sees it */
const UNSEEN = 50;

/** The margin around what is on a canvas, in CSS pixels */
const MARGIN = 24;

/** What a page of documentation has room for, in CSS pixels */
const MAX_HEIGHT = 900;

/** What lies over a canvas or a panel and does not belong to it */
const OVERLAYS = [
	'.el-notification',
	'[data-test-id="canvas-controls"]',
	'[data-test-id="execute-workflow-button"]',
	'[data-test-id="node-creator-plus-button"]',
	'[data-test-id="canvas-minimap"]',
	// The number of items on a wire, which covers the names of outputs
	'[data-test-id="edge-label"]',
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
	{ margin = 0, maxHeight = MAX_HEIGHT, hidden = '', isLightOnly = false } = {},
): Promise<void> {
	if (!FOLDER) return;
	mkdirSync(FOLDER, { recursive: true });
	const style = `${OVERLAYS}${hidden} { visibility: hidden !important; }`;
	for (const colorScheme of isLightOnly ? (['light'] as const) : (['light', 'dark'] as const)) {
		await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
		await page.waitForTimeout(500);
		const box = await boxAround(part, margin);
		const clip = { ...box, height: Math.min(box.height, maxHeight) };
		const picture = await page.screenshot({ clip, style });
		const file = isLightOnly ? `${name}.png` : `${name}-${colorScheme}.png`;
		await keep(join(FOLDER, file), picture);
	}
	await page.emulateMedia({ colorScheme: 'light' });
}

/** Writes a picture of at most 64 colors, if a person would see a difference from the existing one. */
async function keep(path: string, picture: Buffer): Promise<void> {
	const resize = ['-resize', `${MAX_WIDTH}x>`, '-strip', '-dither', 'None', '-colors', '64'];
	const reduced = await runImageMagick('convert', ['png:-', ...resize, 'png8:-'], picture);
	if (!existsSync(path) || (await isDifferent(path, reduced))) writeFileSync(path, reduced);
}

async function isDifferent(path: string, picture: Buffer): Promise<boolean> {
	const how = ['-metric', 'AE', '-fuzz', '5%'];
	const count = await runImageMagick('compare', [...how, path, 'png:-', 'null:'], picture);
	return !(parseFloat(String(count)) <= UNSEEN);
}

/** What the program prints to both outputs: `compare` writes the number of different pixels to standard error. */
async function runImageMagick(program: string, args: string[], input: Buffer): Promise<Buffer> {
	const result = await execa(program, args, { input, encoding: null, reject: false });
	if ('code' in result && result.code === 'ENOENT') {
		throw new Error(`Install ImageMagick for ${program} (apt-get install imagemagick).`);
	}
	const { stdout, stderr } = result as unknown as { stdout: Buffer; stderr: Buffer };
	return stdout.length > 0 ? stdout : stderr;
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
	{ withNotes = true, isLightOnly = false } = {},
): Promise<void> {
	await page.getByTestId('zoom-to-fit').click();
	const drawn = page.locator(withNotes ? DRAWN : DRAWN_WITHOUT_NOTES);
	await takePicture(page, name, drawn, {
		margin: MARGIN,
		isLightOnly,
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

/** Keeps what the page shows when a test fails, to find out why. */
export async function takePictureOfFailure(page: Page): Promise<string> {
	const path = join(tmpdir(), 'kommo-pipeline-editor.png');
	await page.screenshot({ path });
	return path;
}

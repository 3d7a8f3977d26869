import type { TriggerPanelDefinition } from 'n8n-workflow';

import { TUNNEL_NOTE } from '../shared/panel/tunnel';

/**
 * The way to the first event. n8n shows it below the button that listens for a test event. n8n centres the
 * text, so an HTML list would separate the numbers from it.
 */
const STEPS = [
	'<b>To your first event</b>',
	'1. At the top of the parameters, open <b>Webhook URLs</b> and copy the <b>Test URL</b>.',
	'2. In Kommo, open <b>Leads</b> and click <b>Automate</b> in the top right corner. Add <b>API: + Send webhook</b> to a stage, select the event that is chosen in <b>Trigger On</b>, paste the URL, and save. (For Other Events: <b>Settings > Integrations > Web hooks</b>.)',
	'3. Click <b>Execute step</b> here, then cause the event in Kommo. It shows up on the right.',
	'4. When the workflow is ready, publish (activate) it, and in Kommo replace the Test URL with the <b>Production URL</b>.',
	TUNNEL_NOTE,
].join('<br /><br />');

export const triggerPanel: TriggerPanelDefinition = {
	header: 'Receive a test event from Kommo',
	executionsHelp:
		'Test events show up here. Events at the Production URL start the published workflow by themselves. You find them in the <a data-key="executions">executions list</a>, not here.',
	activationHint: STEPS,
};

/** What n8n says on the canvas while the node listens for a test event. */
export const listening = 'Waiting for an event. Cause one in Kommo.';

/** What n8n says when the workflow is published. */
export const published =
	'Events of Kommo now start this workflow. In Kommo, use the Production URL of the trigger, not its Test URL.';

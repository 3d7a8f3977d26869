import type { TriggerPanelDefinition } from 'n8n-workflow';

import { TUNNEL_NOTE } from '../shared/panel/tunnel';

/** The way to the first event, below the button that listens for one. n8n hides both until there is a credential. */
const STEPS = [
	'<b>To your first event</b>',
	'1. Click <b>Execute step</b> here. The trigger registers itself in Kommo: there is no URL to paste.',
	'2. Cause the event in Kommo, for example write a message to one of its chats from your own phone. It shows up on the right.',
	'3. When the workflow is ready, publish (activate) it.',
	'The credential must belong to an administrator, and the plan of the account must be Advanced or higher.',
	TUNNEL_NOTE,
].join('<br /><br />');

export const triggerPanel: TriggerPanelDefinition = {
	header: 'Receive a test event from Kommo',
	executionsHelp:
		'Test events show up here while the editor listens. Events for the published workflow start it by themselves. You find them in the <a data-key="executions">executions list</a>, not here.',
	activationHint: STEPS,
};

/** What n8n says on the canvas while the node listens for a test event. */
export const listening = 'Registered in Kommo. Cause an event there.';

/** What n8n says when the workflow is published. */
export const published = 'The trigger is registered in Kommo. Its events now start this workflow.';

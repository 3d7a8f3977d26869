import type { TriggerPanelDefinition } from 'n8n-workflow';

/** The way to the first event, below the button that fetches one. n8n hides both until there is a credential. */
const STEPS = [
	'<b>To your first event</b>',
	'1. Click <b>Fetch Test Event</b> here. The newest event of each type chosen in <b>Trigger On</b> shows up on the right. <b>Execute workflow</b> really runs the whole workflow with these events.',
	'2. If there is none, cause one in Kommo, for example move a lead to another stage, and click again.',
	'3. When the workflow is ready, publish (activate) it. From then on, each new event starts it once.',
	'The trigger sees the events that the user of the credential may see.',
].join('<br /><br />');

export const triggerPanel: TriggerPanelDefinition = {
	header: 'Fetch events from Kommo',
	executionsHelp:
		'Test events show up here. Once the workflow is published, the trigger asks Kommo by itself, as often as <b>Poll Times</b> says, and new events start the workflow. You find them in the <a data-key="executions">executions list</a>, not here.',
	activationHint: STEPS,
};

/** What n8n says when the workflow is published. */
export const published =
	'The trigger now asks Kommo for new events, as often as Poll Times says. The first may take a minute.';

import type { TriggerPanelDefinition } from 'n8n-workflow';

const TUNNEL =
	'https://github.com/n8n-nodes-kommo-pipeline/n8n-nodes-kommo-pipeline/blob/main/docs/questions.md#tunnel';

/** The one description of the way to the first event. It stands above the parameters. */
export const firstEventSteps = `<b>To your first event</b>
<ol>
<li>Choose the events in <b>Trigger On</b>. Open <b>Webhook URLs</b> above and copy the <b>Test URL</b>.</li>
<li>In Kommo, open <b>Leads</b> and click <b>Automate</b> in the top right corner. Add <b>API: + Send webhook</b> to a stage, select the same event, and paste the URL.</li>
<li>Click <b>Execute step</b> here, and cause the event in Kommo. It shows up on the right.</li>
<li>When the workflow is ready, publish (activate) it, and put the <b>Production URL</b> into Kommo in place of the Test URL.</li>
</ol>
n8n on your own computer? Kommo reaches it <a href="${TUNNEL}" target="_blank">through a tunnel</a> only.`;

/** What n8n's panel says while the node listens for a test event. */
export const listening =
	'Waiting for a request at the Test URL. Now cause one of the events of Trigger On in Kommo.';

const EXECUTIONS =
	'Events at the Production URL start the published workflow by themselves. You find them in the <a data-key="executions">executions list</a>, not here.';

/** What n8n's panel says beside the button that listens for a test event. */
export const triggerPanel: TriggerPanelDefinition = {
	header: 'Receive a test event from Kommo',
	executionsHelp: EXECUTIONS,
	activationHint: 'Before the first one, follow the steps above Trigger On.',
};

/** What n8n says when the workflow is published. */
export const published =
	"Events of Kommo now start this workflow. Make sure that Kommo's digital pipeline has the Production URL of the trigger, not its Test URL.";

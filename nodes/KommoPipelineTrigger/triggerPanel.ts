import type { TriggerPanelDefinition } from 'n8n-workflow';

const TESTING =
	"<b>While you build the workflow</b>, put the Test URL into Kommo, click 'Execute step', and cause the event in Kommo, e.g. move a lead to the stage. It shows up here, and n8n stops listening: click again for the next event.";

/** What n8n's panel says beside the button that listens for a test event. */
export const triggerPanel: TriggerPanelDefinition = {
	header: 'Try one event while you build',
	executionsHelp: {
		inactive: `${TESTING}<br /><br /><b>When the workflow is ready</b>, publish (activate) it, and put the Production URL into Kommo in place of the Test URL. Each event then starts it by itself. You find these executions in the <a data-key="executions">executions list</a>, not here.`,
		active: `${TESTING}<br /><br /><b>Events at the Production URL</b> start the workflow by themselves, since it is published (active). You find these executions in the <a data-key="executions">executions list</a>, not here.`,
	},
	activationHint: {
		inactive:
			'Put the Test URL into Kommo, click, and cause the event there, e.g. move a lead to the stage. When the workflow is ready, <a data-key="activate">publish (activate)</a> it and put the Production URL into Kommo.',
		active:
			'Put the Test URL into Kommo, click, and cause the event there. Events at the Production URL start the workflow by themselves; you find them in the <a data-key="executions">executions list</a>.',
	},
};

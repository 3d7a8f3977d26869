import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

import { MIN_TOKEN_LENGTH } from './webhookToken';

/**
 * The secret after `?token=` in the webhook URL. No server knows it, so the trigger itself tests the
 * credential.
 */
export class KommoPipelineWebhookTokenApi implements ICredentialType {
	name = 'kommoPipelineWebhookTokenApi';

	displayName = 'Kommo Webhook Token API';

	icon: Icon = {
		light: 'file:../nodes/KommoPipelineTrigger/kommoPipeline.svg',
		dark: 'file:../nodes/KommoPipelineTrigger/kommoPipeline.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-kommo-pipeline/n8n-nodes-kommo-pipeline/blob/main/docs/pipeline-trigger.md#verification';

	properties: INodeProperties[] = [
		{
			displayName: `Make up a random token of at least ${MIN_TOKEN_LENGTH} letters and digits, for example with a password manager. To the webhook URL that you paste into Kommo, append <code>?token=</code> and the token.`,
			name: 'setupNotice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'e.g. 32 random letters and digits',
			description: `At least ${MIN_TOKEN_LENGTH} characters. Use letters and digits: they need no encoding in a URL.`,
		},
	];
}

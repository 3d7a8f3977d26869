import type {
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IPollFunctions,
} from 'n8n-workflow';

import { accessTokenTest } from '../shared/api/accessTokenTest';
import { subtitle } from '../shared/panel/eventParameters';
import { searchPipelines } from '../shared/listSearch/searchPipelines';
import { searchStages } from '../shared/listSearch/searchStages';
import { outputsExpression } from '../shared/routing/outputs';
import { properties } from './description';
import { CHOICES } from './events';
import { published, triggerPanel } from './firstEvent';
import { hints } from './hints';
import { pollKommo } from './polling/poll';

export class KommoPollingTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Kommo Polling Trigger',
		name: 'kommoPollingTrigger',
		icon: { light: 'file:kommoPolling.svg', dark: 'file:kommoPolling.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: subtitle(CHOICES),
		description:
			'Starts the workflow on events that it looks up in Kommo, without a public address',
		activationMessage: published,
		triggerPanel,
		builderHint: {
			searchHint:
				'Use it where nothing may be missed, or n8n has no public address. Each event in Trigger On has an output of its own, in the order of choosing.',
		},
		defaults: { name: 'Kommo Polling Trigger' },
		hints,
		polling: true,
		inputs: [],
		outputs: outputsExpression(CHOICES),
		credentials: [
			{
				name: 'kommoPipelineAccessTokenApi',
				required: true,
				testedBy: 'accessTokenTest',
				displayOptions: { show: { authentication: ['accessToken'] } },
			},
			{
				name: 'kommoPipelineOAuth2Api',
				required: true,
				displayOptions: { show: { authentication: ['oAuth2'] } },
			},
		],
		properties,
	};

	methods = {
		listSearch: { searchPipelines, searchStages },
		credentialTest: { accessTokenTest },
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollKommo(this);
	}
}

import {
	NodeOperationError,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';

import { accessTokenTest } from '../shared/api/accessTokenTest';
import type { KommoEvent } from '../shared/events/event';
import { subtitle } from '../shared/panel/eventParameters';
import { searchPipelines } from '../shared/listSearch/searchPipelines';
import { searchStages } from '../shared/listSearch/searchStages';
import { checkChoices, readParameters } from '../shared/parameters';
import { outputsExpression, toOutputs } from '../shared/routing/outputs';
import { takenBy } from '../shared/routing/selection';
import { properties } from './description';
import { CHOICES, codesOf } from './events';
import { published, triggerPanel } from './firstEvent';
import { hints } from './hints';
import { pollKommo } from './poll';
import { fetchSample } from './sample';

const NO_EVENT = 'No event is chosen. Choose at least one in Trigger On.';

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
				'Use it where nothing may be missed, or n8n has no public address. Each event in Trigger On has its own output, in the order of choosing.',
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

	/**
	 * Gives the items of each output for new events; null if there are none. In the editor, it gives the newest
	 * events.
	 */
	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		checkChoices(this, properties);
		const chosen = readParameters(this);
		const { outputs } = chosen;
		if (outputs.events.length === 0) throw new NodeOperationError(this.getNode(), NO_EVENT);
		const isTest = this.getMode() === 'manual';
		const events = await (isTest ? fetchSample : pollKommo)(this, chosen);
		const takerOf = (event: KommoEvent) => takenBy(codesOf(event), outputs.events);
		return events.length > 0 ? toOutputs(events, outputs, takerOf) : null;
	}
}

import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { accessTokenTest } from '../shared/api/accessTokenTest';
import { properties, subtitle } from './description';
import { execute } from './execute';
import { hints } from './hints';
import { searchSalesbots, searchTextFields } from './listSearch';

export class KommoChat implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Kommo Chat',
		name: 'kommoChat',
		icon: { light: 'file:kommoChat.svg', dark: 'file:kommoChat.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle,
		description:
			'Sends messages to customers in the chats of Kommo, runs Salesbots, and reads chats',
		builderHint: {
			searchHint:
				'Use it behind a Kommo trigger to answer chats: Get Unanswered, then an AI Agent, then Send Message.',
		},
		defaults: { name: 'Kommo Chat' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		hints,
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
		listSearch: { searchSalesbots, searchTextFields },
		credentialTest: { accessTokenTest },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await execute(this);
	}
}

import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { accessTokenTest } from '../shared/api/accessTokenTest';
import { searchPipelines } from '../shared/listSearch/searchPipelines';
import { searchStages } from '../shared/listSearch/searchStages';
import { properties, subtitle } from './description';
import { execute } from './execute';
import { hints } from './hints';
import { searchCheckboxFields, searchTextFields } from './listSearch/fields';
import { searchSalesbots } from './listSearch/searchSalesbots';
import { searchUsers } from './listSearch/searchUsers';
import { outputsExpression } from './outputs';

export class KommoChat implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Kommo Chat',
		name: 'kommoChat',
		icon: { light: 'file:kommoChat.svg', dark: 'file:kommoChat.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle,
		description:
			'Answers customers in the chats of Kommo: gets what is unanswered, sends messages and files, hands over to a person, runs Salesbots',
		builderHint: {
			searchHint:
				'Use it behind a Kommo trigger to answer chats: Get Unanswered, then an AI Agent, then Send Message.',
		},
		defaults: { name: 'Kommo Chat' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: outputsExpression,
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
		listSearch: {
			searchCheckboxFields,
			searchPipelines,
			searchSalesbots,
			searchStages,
			searchTextFields,
			searchUsers,
		},
		credentialTest: { accessTokenTest },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await execute(this);
	}
}

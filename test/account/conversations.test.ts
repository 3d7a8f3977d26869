import { testConversations } from '../support/conversationsInN8n';

testConversations(
	'of 30 customers who write within half a minute, each is answered once, or by a colleague',
	{ customers: 30, spread: 30_000, doubled: 10, withColleague: 10 },
);

import { testConversations } from '../support/conversationsInN8n';

// As many as the limit of 7 requests a second lets a process answer
testConversations(
	'of 300 customers who write within five minutes, each is answered once, or by a colleague',
	{ customers: 300, spread: 300_000, doubled: 20, withColleague: 10 },
);

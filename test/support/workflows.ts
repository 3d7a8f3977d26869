/**
 * n8n 2.41 makes a sandbox for expressions for each webhook and each execution, even when there is no
 * expression. With this it makes them on demand, and answers about ten times as many requests a second.
 */
export const SANDBOX_ON_DEMAND = { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' };

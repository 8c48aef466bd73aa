import type { WebhookSettings } from '../../config/webhooks.ts';
import type { Feature } from '../../shared/feature.ts';

/** The features, and the one that sends webhooks where the configuration asks for it; the rest loads nothing. */
export async function withWebhooks(features: readonly Feature[], settings: WebhookSettings | null): Promise<readonly Feature[]> {
  if (!settings) return features;
  const { webhooks } = await import('./webhooks.ts');
  return [...features, webhooks(settings)];
}

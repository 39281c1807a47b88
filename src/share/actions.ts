/** What people may do with services, requests, grants and keys. */
import type { ActionTable } from '#kernel/policy/policy';

export const shareActions = {
  'share.service.read': {
    title: { zh: '查看服务', en: 'See services' },
    by: { operator: 'any', 'provider-steward': 'any', 'consumer-steward': 'any', developer: 'any' },
  },
  'share.service.edit': {
    title: { zh: '设立或修改服务', en: 'Set up or change a service' },
    by: { operator: 'any', 'provider-steward': 'own' },
  },
  'share.request.read': {
    title: { zh: '查看共享申请', en: 'See requests' },
    by: { operator: 'any', 'provider-steward': 'own', 'consumer-steward': 'own', developer: 'own' },
  },
  'share.request.submit': {
    title: { zh: '提交或修改共享申请', en: 'Submit or change a request' },
    by: { 'consumer-steward': 'own', developer: 'own' },
  },
  'share.request.step': {
    title: { zh: '办理共享申请', en: 'Take a step on a request' },
    by: { operator: 'any', 'provider-steward': 'own', 'consumer-steward': 'own', developer: 'own' },
  },
  'share.grant.read': {
    title: { zh: '查看授权', en: 'See grants' },
    by: { operator: 'any', 'provider-steward': 'own', 'consumer-steward': 'own', developer: 'own' },
  },
  'share.grant.revoke': { title: { zh: '撤销授权', en: 'Revoke a grant' }, by: { operator: 'any', 'provider-steward': 'own' } },
  'share.key.manage': { title: { zh: '管理密钥', en: 'Manage keys' }, by: { 'consumer-steward': 'own', developer: 'own' } },
  'share.usage.read': {
    title: { zh: '查看使用情况', en: 'See usage' },
    by: { operator: 'any', 'provider-steward': 'own', 'consumer-steward': 'own', developer: 'own' },
  },
} as const satisfies ActionTable;

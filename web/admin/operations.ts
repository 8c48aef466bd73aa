import { graphql } from '../kit/graphql.ts';

export const Me = graphql(`query AdminMe { me { id username isStaff isSuperuser } }`);

export const Logout = graphql(`mutation AdminLogout { logout { status { code } } }`);

export const Activity = graphql(`query Activity { activity { startsAt logins failedLogins locks registrations } }`);

export const Users = graphql(`query Users($search: String, $orderBy: UserOrder, $isActive: Boolean, $isStaff: Boolean, $after: String) {
  users(search: $search, orderBy: $orderBy, isActive: $isActive, isStaff: $isStaff, after: $after, first: 25) {
    edges { node { id username email emailVerified firstName lastName isActive isStaff isSuperuser dateJoined lastLogin } }
    pageInfo { hasNextPage endCursor }
  }
}`);

export const User = graphql(`query User($id: ID!) {
  user(id: $id) { id username email emailVerified firstName lastName isActive isStaff isSuperuser scopes dateJoined lastLogin }
  userTokens(userId: $id) { id name createdAt lastUsedAt expiresAt ipAddress userAgent current }
}`);

export const UserEvents = graphql(`query UserEvents($id: ID!, $after: String) {
  userSecurityEvents(userId: $id, first: 10, after: $after) {
    edges { node { id kind happenedAt ipAddress userAgent tokenName byStaff actorUsername } }
    pageInfo { hasNextPage endCursor }
  }
}`);

export const AllEvents = graphql(`query AllEvents($kinds: [SecurityEventKind!], $after: String) {
  allSecurityEvents(kinds: $kinds, first: 25, after: $after) {
    edges { node { id kind happenedAt ipAddress userAgent tokenName byStaff actorUsername userId username } }
    pageInfo { hasNextPage endCursor }
  }
}`);

export const CreateUser = graphql(`mutation CreateUser($input: CreateUserInput!) {
  createUser(input: $input) { user { id } status { code message retryAfter } errors { field code message } }
}`);

export const UpdateUser = graphql(`mutation UpdateUser($input: UpdateUserInput!) {
  updateUser(input: $input) { status { code message retryAfter } errors { field code message } }
}`);

export const SetActive = graphql(`mutation SetActive($input: SetUserActiveInput!) {
  setUserActive(input: $input) { status { code message retryAfter } errors { field code message } }
}`);

export const SetStaff = graphql(`mutation SetStaff($input: SetUserStaffInput!) {
  setUserStaff(input: $input) { status { code message retryAfter } errors { field code message } }
}`);

export const SetSuperuser = graphql(`mutation SetSuperuser($input: SetUserSuperuserInput!) {
  setUserSuperuser(input: $input) { status { code message retryAfter } errors { field code message } }
}`);

export const SetScopes = graphql(`mutation SetScopes($input: SetUserScopesInput!) {
  setUserScopes(input: $input) { status { code message retryAfter } errors { field code message } }
}`);

export const RevokeTokens = graphql(`mutation RevokeTokens($input: RevokeUserTokensInput!) {
  revokeUserTokens(input: $input) { status { code message retryAfter } errors { field code message } }
}`);

export const RevokeUserToken = graphql(`mutation RevokeUserToken($input: RevokeUserTokenInput!) {
  revokeUserToken(input: $input) { status { code message retryAfter } errors { field code message } }
}`);

export const SendReset = graphql(`mutation SendReset($input: SendPasswordResetInput!) {
  sendPasswordReset(input: $input) { status { code message retryAfter } errors { field code message } }
}`);

export const Unlock = graphql(`mutation Unlock($input: UnlockUserInput!) {
  unlockUser(input: $input) { status { code message retryAfter } errors { field code message } }
}`);

export const DeleteUser = graphql(`mutation DeleteUser($input: DeleteUserInput!) {
  deleteUser(input: $input) { status { code message retryAfter } errors { field code message } }
}`);

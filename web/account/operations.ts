import { graphql } from '../kit/graphql.ts';

export const Register = graphql(`mutation Register($input: RegisterInput!) {
  register(input: $input) { token status { code message retryAfter } errors { field code message } }
}`);

export const Logout = graphql(`mutation Logout { logout { status { code } } }`);

export const RequestReset = graphql(`mutation RequestReset($input: RequestPasswordResetInput!) {
  requestPasswordReset(input: $input) { status { code message retryAfter } errors { field code message } }
}`);

export const Reset = graphql(`mutation Reset($input: ResetPasswordInput!) {
  resetPassword(input: $input) { status { code message retryAfter } errors { field code message } }
}`);

export const VerifyEmail = graphql(`mutation VerifyEmail($input: VerifyEmailInput!) {
  verifyEmail(input: $input) { status { code message retryAfter } errors { field code message } }
}`);

export const Me = graphql(`query Me {
  me { id username email emailVerified firstName lastName dateJoined lastLogin isStaff isSuperuser scopes }
}`);

export const UpdateProfile = graphql(`mutation UpdateProfile($input: UpdateProfileInput!) {
  updateProfile(input: $input) { status { code message retryAfter } errors { field code message } }
}`);

export const ChangePassword = graphql(`mutation ChangePassword($input: ChangePasswordInput!) {
  changePassword(input: $input) { status { code message retryAfter } errors { field code message } }
}`);

export const ChangeEmail = graphql(`mutation ChangeEmail($input: ChangeEmailInput!) {
  changeEmail(input: $input) { status { code message retryAfter } errors { field code message } }
}`);

export const RequestVerification = graphql(`mutation RequestVerification {
  requestEmailVerification { status { code message retryAfter } errors { field code message } }
}`);

export const Tokens = graphql(`query Tokens {
  tokens { id name createdAt lastUsedAt expiresAt ipAddress userAgent current }
}`);

export const RevokeToken = graphql(`mutation RevokeToken($input: RevokeTokenInput!) {
  revokeToken(input: $input) { status { code message retryAfter } errors { field code message } }
}`);

export const RevokeOthers = graphql(`mutation RevokeOthers {
  revokeAllTokens { revoked status { code message retryAfter } errors { field code message } }
}`);

export const CreateToken = graphql(`mutation CreateToken($input: CreateTokenInput!) {
  createToken(input: $input) { token status { code message retryAfter } errors { field code message } }
}`);

export const Events = graphql(`query Events($after: String) {
  securityEvents(first: 20, after: $after) {
    edges { node { id kind happenedAt ipAddress userAgent tokenName byStaff } }
    pageInfo { hasNextPage endCursor }
  }
}`);

export const DeleteAccount = graphql(`mutation DeleteAccount($input: DeleteAccountInput!) {
  deleteAccount(input: $input) { status { code message retryAfter } errors { field code message } }
}`);

{{- define "slipway.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "slipway.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "slipway.labels" -}}
{{ include "slipway.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "slipway.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "slipway.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "slipway.image" -}}
{{- $repository := required "image.repository: say where you pushed the image that packages/backend/Dockerfile makes" .Values.image.repository -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" $repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" $repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{/* Name of the Secret that every secret of the portal comes from. */}}
{{- define "slipway.secretName" -}}
{{- if .Values.secrets.externalSecrets.enabled -}}
{{- include "slipway.fullname" . -}}
{{- else -}}
{{- required "secrets.existingSecret: name a Secret with the keys of the README, or set secrets.externalSecrets.enabled" .Values.secrets.existingSecret -}}
{{- end -}}
{{- end -}}

{{/* Keys that the portal takes from it. */}}
{{- define "slipway.secretKeys" -}}
{{- $keys := list "POSTGRES_PASSWORD" "SESSION_SECRET" "OIDC_CLIENT_SECRET" "ARGOCD_TOKEN" -}}
{{- if .Values.valkey.enabled -}}{{- $keys = append $keys "CACHE_URL" -}}{{- end -}}
{{- if .Values.valkey.bundled.enabled -}}{{- $keys = append $keys "VALKEY_PASSWORD" -}}{{- end -}}
{{- concat $keys .Values.portal.secretKeys | uniq | toJson -}}
{{- end -}}

{{- define "slipway.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: {{ .user }}
runAsGroup: {{ .user }}
fsGroup: {{ .user }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "slipway.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* One egress rule of the NetworkPolicy; nothing is let through that nobody named. */}}
{{- define "slipway.egress" -}}
{{- if not .rule.to -}}
{{- fail (printf "networkPolicy.egress.%s.to: say where it is (peers of a NetworkPolicy), or set networkPolicy.enabled to false" .name) -}}
{{- end -}}
- to:
    {{- toYaml .rule.to | nindent 4 }}
  ports:
    {{- range .rule.ports }}
    - { port: {{ . }}, protocol: TCP }
    {{- end }}
{{- end -}}

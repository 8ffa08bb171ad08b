{{- define "meetpunt.labels" -}}
{{ include "meetpunt.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "meetpunt.selector" -}}
app.kubernetes.io/name: meetpunt
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "meetpunt.name" -}}
{{- $name := .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- if contains "meetpunt" $name }}{{ $name }}{{ else }}{{ $name }}-meetpunt{{ end }}
{{- end }}

{{- define "meetpunt.image" -}}
{{- $image := .Values.image -}}
{{- if $image.digest }}{{ $image.repository }}@{{ $image.digest }}{{ else }}{{ $image.repository }}:{{ $image.tag }}{{ end }}
{{- end }}

{{/* The ConfigMap of files; where it is ours, its name for the job that runs before ours is there. */}}
{{- define "meetpunt.files" -}}
{{- .Values.municipalities.existingConfigMap | default (printf "%s-municipalities" (include "meetpunt.name" .)) }}
{{- end }}

{{/* Of a pod: who it is, and that it may do nothing. */}}
{{- define "meetpunt.pod" -}}
automountServiceAccountToken: false
# A Service of this name would put MEETPUNT_PORT and others into every pod, which are no settings of ours.
enableServiceLinks: false
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile:
    type: RuntimeDefault
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "meetpunt.container" -}}
image: {{ include "meetpunt.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end }}

{{- define "meetpunt.spread" -}}
topologySpreadConstraints:
  {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: {{ $.Values.spread.whenUnsatisfiable }}
    labelSelector:
      matchLabels:
        {{- include "meetpunt.selector" $ | nindent 8 }}
        app.kubernetes.io/component: {{ $.component }}
    # Of the copies of this version alone: those that go do not count.
    matchLabelKeys: [pod-template-hash]
  {{- end }}
{{- end }}

{{/* Which Secret holds a password, and what is told to Postgres with it. */}}
{{- define "meetpunt.role" -}}
{{- $cluster := .root.Values.database.cloudnativepg -}}
- name: PASSWORD_OF_{{ .role | upper }}
  valueFrom:
    secretKeyRef:
      name: {{ index $cluster.passwords .role }}
      key: password
- name: {{ .setting }}
  value: postgresql://{{ .role }}:$(PASSWORD_OF_{{ .role | upper }})@{{ $cluster.name }}-rw:5432/meetpunt?sslmode=verify-full&sslrootcert=/etc/meetpunt/database/ca.crt
{{- end }}

{{- define "meetpunt.service-env" -}}
{{- if .Values.database.cloudnativepg.enabled }}
{{ include "meetpunt.role" (dict "root" . "role" "meetpunt_ingest" "setting" "MEETPUNT_DATABASE_URL") }}
{{ include "meetpunt.role" (dict "root" . "role" "meetpunt_folder" "setting" "MEETPUNT_FOLDER_URL") }}
{{ include "meetpunt.role" (dict "root" . "role" "meetpunt_work" "setting" "MEETPUNT_WORK_URL") }}
{{- else }}
{{- range list "MEETPUNT_DATABASE_URL" "MEETPUNT_FOLDER_URL" "MEETPUNT_WORK_URL" }}
- name: {{ . }}
  valueFrom:
    secretKeyRef:
      name: {{ $.Values.database.existingSecret }}
      key: {{ . }}
      {{- if eq . "MEETPUNT_WORK_URL" }}
      optional: true
      {{- end }}
{{- end }}
{{- end }}
{{- include "meetpunt.plain-env" . }}
- name: MEETPUNT_METRICS_ADDRESS
  value: 0.0.0.0:9464
{{- end }}

{{- define "meetpunt.owner-env" -}}
{{- if .Values.database.cloudnativepg.enabled }}
{{ include "meetpunt.role" (dict "root" . "role" "meetpunt_owner" "setting" "MEETPUNT_OWNER_URL") }}
{{- else }}
- name: MEETPUNT_OWNER_URL
  valueFrom:
    secretKeyRef:
      name: {{ .Values.database.ownerSecret }}
      key: MEETPUNT_OWNER_URL
{{- end }}
{{- include "meetpunt.plain-env" . }}
{{- end }}

{{- define "meetpunt.plain-env" }}
- name: MEETPUNT_HOST
  value: 0.0.0.0
- name: MEETPUNT_PORT
  value: "8000"
- name: MEETPUNT_CONFIG
  value: /etc/meetpunt/municipalities
- name: MEETPUNT_KEYS_FILE
  value: /etc/meetpunt/secrets/keys.json
- name: MEETPUNT_DATA
  value: /var/lib/meetpunt
{{- range $name, $value := .Values.settings }}
{{- if ne (toString $value) "" }}
- name: {{ $name }}
  value: {{ include "meetpunt.written" $value | quote }}
{{- end }}
{{- end }}
{{- end }}

{{/* A number of a million would be written as 1e+06. */}}
{{- define "meetpunt.written" -}}
{{- if and (kindIs "float64" .) (eq (floor .) .) }}{{ int64 . }}{{ else }}{{ toString . }}{{ end }}
{{- end }}

{{/* Kubernetes lets the group read a Secret's files, so that others than root can; who reads keys here takes only those
that nobody else may read. So they are copied, into memory. */}}
{{- define "meetpunt.copies-secrets" -}}
- name: secrets
  {{- include "meetpunt.container" . | nindent 2 }}
  command: [/opt/meetpunt/bin/python, -c]
  args:
    - |
      import os, pathlib
      os.umask(0o377)
      for each in pathlib.Path("/etc/meetpunt/secrets-given").iterdir():
          if each.is_file() and not each.name.startswith("."):
              copy = pathlib.Path("/etc/meetpunt/secrets", each.name)
              copy.unlink(missing_ok=True)
              copy.write_bytes(each.read_bytes())
  resources:
    requests:
      cpu: 10m
      memory: 32Mi
    limits:
      memory: 64Mi
  volumeMounts:
    - name: secrets-given
      mountPath: /etc/meetpunt/secrets-given
      readOnly: true
    - name: secrets
      mountPath: /etc/meetpunt/secrets
{{- end }}

{{- define "meetpunt.mounts" -}}
- name: municipalities
  mountPath: /etc/meetpunt/municipalities
  readOnly: true
- name: data
  mountPath: /var/lib/meetpunt
- name: temporary
  mountPath: /tmp
{{- if or .Values.database.cloudnativepg.enabled .Values.database.caConfigMap }}
- name: authority
  mountPath: /etc/meetpunt/database
  readOnly: true
{{- end }}
{{- end }}

{{- define "meetpunt.secret-volumes" -}}
- name: secrets-given
  secret:
    secretName: {{ .Values.secrets.existingSecret }}
    defaultMode: 0400
- name: secrets
  emptyDir:
    medium: Memory
    sizeLimit: 1Mi
{{- end }}

{{- define "meetpunt.volumes" -}}
- name: municipalities
  configMap:
    name: {{ .files }}
    {{- if .Values.municipalities.existingConfigMap }}
    {{- with .Values.municipalities.existingItems }}
    items:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- else }}
    items:
      {{- range $path, $_ := .Values.municipalities.files }}
      - key: {{ $path | replace "/" "--" }}
        path: {{ $path }}
      {{- end }}
    {{- end }}
- name: data
  emptyDir:
    sizeLimit: 1Gi
- name: temporary
  emptyDir:
    sizeLimit: 100Mi
{{- if .Values.database.cloudnativepg.enabled }}
- name: authority
  secret:
    secretName: {{ .Values.database.cloudnativepg.name }}-ca
    # The key that it signs with lies in the same Secret, and stays there.
    items:
      - key: ca.crt
        path: ca.crt
{{- else if .Values.database.caConfigMap }}
- name: authority
  configMap:
    name: {{ .Values.database.caConfigMap }}
    items:
      - key: ca.crt
        path: ca.crt
{{- end }}
{{- end }}

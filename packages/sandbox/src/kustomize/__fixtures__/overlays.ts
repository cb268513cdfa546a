/**
 * Folders that both this renderer and the real kustomize render, named after
 * what they show. `overlay` is always the folder that is rendered.
 */
export const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web}
    spec:
      initContainers:
        - name: migrate
          image: registry.example/shop/migrate:1.0.0
      tolerations: [{key: spot, operator: Exists}]
      imagePullSecrets: [{name: first}]
      hostAliases: [{ip: 10.0.0.1, hostnames: [a]}]
      volumes:
        - {name: tmp, emptyDir: {}}
        - {name: config, configMap: {name: web, defaultMode: 0444}}
      containers:
        - name: web
          image: registry.example:5000/shop/web:1.0.0
          args: [--one, --two]
          ports:
            - {name: http, containerPort: 8080, protocol: TCP}
            - {name: metrics, containerPort: 9090, protocol: TCP}
          env:
            - {name: A, value: "1"}
            - {name: B, value: "2"}
          envFrom: [{configMapRef: {name: web}}]
          volumeMounts:
            - {name: tmp, mountPath: /tmp}
          resources:
            requests: {cpu: 100m, memory: 128Mi}
        - name: sidecar
          image: sidecar@sha256:0123456789abcdef
`;

export const service = `apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: 8080, protocol: TCP}]
`;

const others = `apiVersion: v1
kind: Namespace
metadata: {name: team}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: web}
secrets: [{name: one}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: web}
subjects:
  - {kind: ServiceAccount, name: default, namespace: elsewhere}
  - {kind: ServiceAccount, name: web}
  - {kind: ServiceAccount, name: stranger, namespace: elsewhere}
roleRef: {kind: Role, name: web, apiGroup: rbac.authorization.k8s.io}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: web}
rules: []
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
    - from:
        - podSelector: {matchLabels: {app: gateway}}
        - namespaceSelector: {matchLabels: {team: a}}
  egress:
    - to: [{podSelector: {matchLabels: {app: db}}}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  minReplicas: 1
  maxReplicas: 5
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}}]
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: web}
spec: {selector: {matchLabels: {app: web}}, endpoints: [{port: http}]}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly}
spec:
  schedule: "0 1 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{name: job, image: registry.example/shop/migrate:1.0.0}]
---
apiVersion: batch/v1
kind: Job
metadata: {name: once}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: job, image: "busybox:1"}]}}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce]}}]
  template:
    metadata: {labels: {app: db}}
    spec:
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: kubernetes.io/hostname
              labelSelector: {matchLabels: {app: db}}
      topologySpreadConstraints:
        - {maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: db}}}
      containers: [{name: db, image: "postgres:17"}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
data: {LOG_LEVEL: info, "on": "yes", OCTAL: "0444", plain: yes}
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: canary}
spec:
  selector: {matchLabels: {app: canary}}
  template:
    metadata: {labels: {app: canary}}
    spec: {containers: [{name: canary, image: "registry.example/shop/migrate:1.0.0", env: [{name: A, value: x}]}]}
`;

const base = {
  'base/deployment.yaml': deployment,
  'base/service.yaml': service,
  'base/others.yaml': others,
  'base/kustomization.yaml':
    'resources: [deployment.yaml, service.yaml, others.yaml]\n',
};

function overlay(kustomization: string, files: Record<string, string> = {}) {
  return {
    ...base,
    'overlay/kustomization.yaml': `resources: [../base]\n${kustomization}`,
    ...files,
  };
}

/** Patches the web Deployment's pod spec by name, in a file. */
function podPatch(podSpec: string) {
  return overlay('patches: [{path: patch.yaml}]\n', {
    'overlay/patch.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
${podSpec.replace(/^/gm, '      ')}
`,
  });
}

export const overlays: Record<string, Record<string, string>> = {
  'a base alone': overlay(''),
  'a namespace': overlay('namespace: shop\n'),
  'images by tag, name and digest': overlay(`images:
  - {name: registry.example:5000/shop/web, newTag: "2.0"}
  - {name: registry.example/shop/migrate, newName: mirror/migrate}
  - {name: sidecar, digest: "sha256:feed"}
  - {name: postgres, newName: pg, newTag: "18", digest: "sha256:beef"}
  - {name: nobody, newTag: x}
  - {name: busybox, newName: bb, newTag: v2}
`),
  'a tag that replaces a digest': overlay(
    'images: [{name: sidecar, newTag: v9}]\n',
  ),
  replicas: overlay(
    'replicas: [{name: web, count: 3}, {name: db, count: 0}]\n',
  ),
  'labels on metadata only': overlay(
    'labels: [{pairs: {a: b, app.kubernetes.io/part-of: shop}}]\n',
  ),
  'labels with includeSelectors': overlay(
    'labels: [{pairs: {a: b}, includeSelectors: true}]\n',
  ),
  'labels with includeTemplates': overlay(
    'labels: [{pairs: {a: b}, includeTemplates: true}]\n',
  ),
  'labels twice, one overwriting the other': overlay(
    'labels: [{pairs: {app: x}}, {pairs: {app: z}, includeTemplates: true}]\n',
  ),
  'common annotations': overlay('commonAnnotations: {note: "1"}\n'),
  'everything at once': overlay(`namespace: shop-prod
images: [{name: registry.example:5000/shop/web, newTag: 2.1.0}]
replicas: [{name: web, count: 4}]
labels: [{pairs: {env: prod}, includeSelectors: false}]
commonAnnotations: {owner: shop}
patches:
  - target: {kind: HorizontalPodAutoscaler}
    patch: |-
      - {op: replace, path: /spec/minReplicas, value: 4}
  - patch: |-
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web}
      data: {LOG_LEVEL: warn, plain: null, NEW: "1"}
`),
  'a container patched by name': podPatch(`containers:
  - name: web
    resources: {limits: {cpu: "1"}, requests: {cpu: 200m}}
`),
  'a container added before the others': podPatch(`containers:
  - {name: added, image: added:1}
  - {name: added2, image: added:2}
`),
  'a container deleted': podPatch(`containers:
  - {name: sidecar, $patch: delete}
`),
  'all containers replaced': podPatch(`containers:
  - {$patch: replace}
  - {name: only, image: only:1}
`),
  'the last init container deleted': podPatch(`initContainers:
  - {name: migrate, $patch: delete}
`),
  'environment variables merged, added and deleted': podPatch(`containers:
  - name: web
    env:
      - {name: C, value: "3"}
      - {name: B, value: "9"}
      - {name: A, $patch: delete}
      - {name: D, value: "4"}
`),
  'a value turned into a reference': podPatch(`containers:
  - name: web
    env:
      - name: A
        value: null
        valueFrom: {fieldRef: {fieldPath: status.podIP}}
`),
  'ports with their protocol': podPatch(`containers:
  - name: web
    ports:
      - {containerPort: 8080, protocol: TCP, name: web}
      - {containerPort: 7070, protocol: TCP, name: extra}
`),
  'ports in another order': podPatch(`containers:
  - name: web
    ports:
      - {containerPort: 9090, protocol: TCP, name: m}
      - {containerPort: 8080, protocol: TCP, name: h}
      - {containerPort: 7071, protocol: TCP, name: y}
      - {containerPort: 7070, protocol: TCP, name: x}
`),
  'volumes and mounts': podPatch(`volumes:
  - {name: extra, emptyDir: {}}
  - {name: tmp, emptyDir: {medium: Memory}}
containers:
  - name: web
    volumeMounts:
      - {name: extra, mountPath: /extra}
      - {name: tmp, mountPath: /tmp, readOnly: false}
`),
  'atomic lists replaced':
    podPatch(`tolerations: [{key: other, operator: Exists}]
containers:
  - name: web
    args: [--three]
    envFrom: [{secretRef: {name: web}}]
`),
  'keyed lists of a pod': podPatch(`imagePullSecrets: [{name: second}]
hostAliases: [{ip: 10.0.0.1, hostnames: [b]}, {ip: 10.0.0.2, hostnames: [c]}]
`),
  'a new security context':
    podPatch(`securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
`),
  'a map replaced': podPatch(`containers:
  - name: web
    resources: {$patch: replace, limits: {cpu: "2"}}
`),
  'a map deleted by null': podPatch(`containers:
  - name: web
    resources: null
    args: null
`),
  'an object deleted': overlay(`patches:
  - patch: |-
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: web}
      $patch: delete
`),
  'service ports': overlay(`patches:
  - patch: |-
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {ports: [{port: 80, protocol: TCP, nodePort: 30080}, {port: 81, protocol: TCP, name: other}]}
`),
  'atomic lists of a custom kind': overlay(`patches:
  - target: {kind: Rollout}
    patch: |-
      apiVersion: argoproj.io/v1alpha1
      kind: Rollout
      metadata: {name: any}
      spec: {template: {spec: {containers: [{name: other, image: "other:1"}]}}}
`),
  'JSON patches': overlay(`patches:
  - target: {group: apps, version: v1, kind: Deployment, name: web}
    patch: |-
      - {op: add, path: /metadata/labels/tier, value: gold}
      - {op: replace, path: /spec/template/spec/containers/0/image, value: "patched:1"}
      - {op: add, path: /spec/template/spec/containers/-, value: {name: last, image: "last:1"}}
      - {op: remove, path: /spec/template/spec/initContainers}
      - {op: add, path: /spec/template/metadata/annotations, value: {dapr.io~1enabled: "true", "a/b": "c"}}
      - {op: test, path: /metadata/name, value: web}
`),
  'targets by anchored expression': overlay(`patches:
  - target: {kind: Deploy}
    patch: '- {op: add, path: /metadata/labels, value: {never: "1"}}'
  - target: {kind: "Deploy.*|StatefulSet", name: "w.b|db"}
    patch: '- {op: add, path: /metadata/annotations, value: {hit: "1"}}'
`),
  'targets by selectors': overlay(`labels: [{pairs: {x: "y"}}]
patches:
  - target: {labelSelector: "app in (web,other),!gone"}
    patch: '- {op: add, path: /metadata/annotations, value: {hit: label}}'
  - target: {annotationSelector: "hit=label"}
    patch: '- {op: add, path: /metadata/annotations/second, value: hit}'
  - target: {labelSelector: "app!=web", kind: Service}
    patch: '- {op: add, path: /metadata/annotations, value: {not: web}}'
`),
  'a patch finds an object by the name it had': {
    ...base,
    'middle/kustomization.yaml': 'resources: [../base]\nnamespace: shop\n',
    'overlay/kustomization.yaml': `resources: [../middle]
patches:
  - patch: |-
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {type: LoadBalancer}
  - patch: |-
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web, namespace: shop}
      data: {x: "1"}
  - target: {kind: Namespace, name: team}
    patch: '- {op: add, path: /metadata/labels, value: {was: team}}'
`,
  },
  'components in order': {
    ...base,
    'components/env/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches:
  - target: {kind: Deployment}
    patch: |-
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: all}
      spec: {template: {spec: {containers: [{name: web, env: [{name: FROM, value: component}]}]}}}
`,
    'components/secret/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
resources: [secret.yaml]
labels: [{pairs: {pulls: "yes"}}]
`,
    'components/secret/secret.yaml':
      'apiVersion: v1\nkind: Secret\nmetadata: {name: pull}\ntype: Opaque\nstringData: {a: b}\n',
    'overlay/kustomization.yaml': `namespace: shop
resources: [../base]
components: [../components/env, ../components/secret]
images: [{name: registry.example:5000/shop/web, newTag: "3"}]
`,
  },
  'documents, lists and empty files': {
    'overlay/kustomization.yaml': 'resources: [all.yaml, empty.yaml]\n',
    'overlay/empty.yaml': '# nothing yet\n',
    'overlay/all.yaml': `---
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: Secret, metadata: {name: one}}
  - {apiVersion: v1, kind: Secret, metadata: {name: two}}
---
# comment only
---
apiVersion: v1
kind: ConfigMap
metadata: {name: numbers}
data: &data {a: "1"}
extra: {int: 7, float: 1.5, big: 1e3, hex: 0x1F, octal: 0o17, old: 0644, none: null, time: "1:30", copy: *data}
`,
  },
};

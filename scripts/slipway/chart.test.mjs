import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { documentedValues, valuesTable } from './chartValues.mjs';
import { ensureGoModule, ensureGoTool } from './goTools.mjs';
import { ROOT } from './paths.mjs';

const { parse, parseAllDocuments } = createRequire(
  join(ROOT, 'plugins', 'auth-backend-module-oidc', 'package.json'),
)('yaml');

const CHART = join(ROOT, 'charts', 'slipway');
const CASES = readdirSync(join(CHART, 'ci')).map(file =>
  file.replace('-values.yaml', ''),
);
/** Built from source, Helm takes itself for one of years ago. */
const KUBERNETES = ['--kube-version', '1.33.0'];

const helm = ensureGoTool({
  package: 'helm.sh/helm/v3/cmd/helm',
  version: 'v3.22.0',
});
const skip = 'reason' in helm ? helm.reason : false;

/**
 * @param {string[]} words
 * @returns {{ code: number, output: string, manifests: string }}
 */
function runHelm(words) {
  assert.ok('path' in helm);
  try {
    const manifests = execFileSync(helm.path, words, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { code: 0, output: '', manifests };
  } catch (error) {
    const { status, stdout, stderr } = /** @type {any} */ (error);
    return { code: status ?? 1, output: `${stdout}${stderr}`, manifests: '' };
  }
}

/** @param {string} name @param {string[]} more */
const render = (name, more = []) =>
  runHelm([
    'template',
    'slipway',
    CHART,
    ...KUBERNETES,
    '--namespace',
    'portal',
    '--values',
    join(CHART, 'ci', `${name}-values.yaml`),
    ...more,
  ]);

/** @param {string} name @returns {any[]} */
function objectsOf(name) {
  const { code, output, manifests } = render(name);
  assert.equal(code, 0, output);
  return parseAllDocuments(manifests)
    .map((/** @type {any} */ document) => document.toJS())
    .filter(Boolean);
}

/** @param {any[]} objects @param {string} kind */
const ofKind = (objects, kind) =>
  objects.filter(object => object.kind === kind);

/**
 * Every pod that an object makes, with the labels it gets.
 *
 * @param {any[]} objects
 */
const podsOf = objects =>
  objects.flatMap(object => {
    const pod = object.kind === 'Pod' ? object : object.spec?.template;
    return pod?.spec?.containers
      ? [{ name: object.metadata.name, labels: pod.metadata.labels, ...pod }]
      : [];
  });

/** @param {any} selector @param {any} labels */
const selects = (selector, labels) =>
  Object.entries(selector.matchLabels ?? selector).every(
    ([key, value]) => labels[key] === value,
  );

for (const name of CASES) {
  describe(`the chart with ${name} values`, { skip }, () => {
    /** @type {any[]} */
    let objects;
    before(() => {
      objects = objectsOf(name);
    });

    test('has nothing that helm lint finds', () => {
      const { code, output } = runHelm([
        'lint',
        CHART,
        '--strict',
        ...KUBERNETES,
        '--values',
        join(CHART, 'ci', `${name}-values.yaml`),
      ]);
      assert.equal(code, 0, output);
    });

    test('runs no pod as root, with a root that can be written, or with a capability', () => {
      const pods = podsOf(objects);
      assert.ok(pods.length >= 2);
      for (const { name: pod, spec } of pods) {
        assert.equal(spec.securityContext.runAsNonRoot, true, pod);
        assert.ok(spec.securityContext.runAsUser > 0, pod);
        assert.equal(
          spec.securityContext.seccompProfile.type,
          'RuntimeDefault',
          pod,
        );
        assert.equal(spec.automountServiceAccountToken, false, pod);
        assert.ok(!spec.hostNetwork && !spec.hostPID && !spec.hostIPC, pod);
        for (const { securityContext } of spec.containers) {
          assert.deepEqual(
            securityContext,
            {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ['ALL'] },
            },
            pod,
          );
        }
        for (const volume of spec.volumes ?? []) {
          assert.ok(!volume.hostPath, pod);
        }
      }
    });

    test('asks for what each container needs, and bounds its memory', () => {
      for (const { name: pod, spec } of podsOf(objects)) {
        for (const { resources } of spec.containers) {
          assert.ok(resources.requests.cpu, pod);
          assert.ok(resources.requests.memory, pod);
          assert.ok(resources.limits.memory, pod);
        }
      }
    });

    test('names every image by a digest or a version', () => {
      for (const { spec } of podsOf(objects)) {
        for (const { image } of spec.containers) {
          assert.match(image, /@sha256:[0-9a-f]{64}$|:[^:/]+$/);
          assert.doesNotMatch(image, /:latest$/);
        }
      }
    });

    test('takes secrets from a Secret, never from values', () => {
      assert.deepEqual(ofKind(objects, 'Secret'), []);
      for (const { spec } of podsOf(objects)) {
        for (const { env } of spec.containers) {
          for (const variable of env ?? []) {
            if (/PASSWORD|SECRET|TOKEN/.test(variable.name)) {
              assert.ok(variable.valueFrom.secretKeyRef.key, variable.name);
              assert.equal(variable.value, undefined, variable.name);
            }
          }
        }
      }
      const config = JSON.stringify(ofKind(objects, 'ConfigMap'));
      assert.doesNotMatch(config, /password|token:/i);
    });

    test('gives the portal everything that its production configuration asks for', () => {
      const config = readFileSync(
        join(ROOT, 'app-config.production.yaml'),
        'utf8',
      ).replace(/^\s*#.*$/gm, '');
      const asked = [...config.matchAll(/\$\{([A-Z_]+)\}/g)].map(
        match => match[1],
      );
      assert.ok(asked.length > 8);
      const [{ spec }] = podsOf(ofKind(objects, 'Deployment'));
      const given = spec.containers[0].env.map(
        (/** @type {any} */ variable) => variable.name,
      );
      // Groups that nobody named are nobody's, which the portal says at start;
      // without a token to act with it reads, and says so beside each action
      const optional = /_GROUP$|_ACT_TOKEN$/;
      assert.deepEqual(
        [...new Set(asked)].filter(
          key => !given.includes(key) && !optional.test(key),
        ),
        [],
      );
      // A plain $(NAME) stands for a variable that comes before it
      for (const [index, variable] of spec.containers[0].env.entries()) {
        for (const [, needed] of (variable.value ?? '').matchAll(
          /\$\((\w+)\)/g,
        )) {
          assert.ok(given.indexOf(needed) < index, variable.name);
        }
      }
    });

    test('selects its own pods, and only those it means', () => {
      const pods = podsOf(objects);
      const portals = pods.filter(
        ({ labels }) => labels['app.kubernetes.io/component'] === 'portal',
      );
      assert.equal(portals.length, 1);
      for (const service of ofKind(objects, 'Service')) {
        const chosen = pods.filter(({ labels }) =>
          selects(service.spec.selector, labels),
        );
        assert.equal(chosen.length, 1, service.metadata.name);
        const ports = chosen[0].spec.containers[0].ports;
        for (const { targetPort } of service.spec.ports) {
          assert.ok(
            ports.some((/** @type {any} */ port) => port.name === targetPort),
            `${service.metadata.name}: ${targetPort}`,
          );
        }
      }
      for (const owner of objects.filter(object => object.spec?.template)) {
        assert.ok(
          selects(owner.spec.selector, owner.spec.template.metadata.labels),
        );
      }
    });

    test('keeps portals up while nodes are drained and versions change', () => {
      const [deployment] = ofKind(objects, 'Deployment');
      const [budget] = ofKind(objects, 'PodDisruptionBudget');
      const [scaler] = ofKind(objects, 'HorizontalPodAutoscaler');
      const fewest = scaler?.spec.minReplicas ?? deployment.spec.replicas;
      assert.equal(deployment.spec.replicas === undefined, Boolean(scaler));
      assert.ok(fewest >= 2);
      assert.ok(budget.spec.maxUnavailable < fewest);
      assert.ok(
        selects(budget.spec.selector, deployment.spec.template.metadata.labels),
      );
      assert.equal(deployment.spec.strategy.rollingUpdate.maxUnavailable, 0);
      const [portal] = deployment.spec.template.spec.containers;
      assert.match(portal.readinessProbe.httpGet.path, /\/readiness$/);
      assert.match(portal.livenessProbe.httpGet.path, /\/liveness$/);
      const [config] = ofKind(objects, 'ConfigMap');
      const overlay = parse(config.data['app-config.installation.yaml']);
      assert.ok(
        overlay.backend.lifecycle.serverShutdownDelay.seconds <
          deployment.spec.template.spec.terminationGracePeriodSeconds,
      );
    });

    test('lets through its networks only what has a name', () => {
      const policies = ofKind(objects, 'NetworkPolicy');
      if (name === 'minimal') {
        assert.deepEqual(policies, [], 'it is switched off there');
        return;
      }
      for (const { name: pod, labels } of podsOf(objects)) {
        const applying = policies.filter(({ spec }) =>
          selects(spec.podSelector, labels),
        );
        assert.equal(applying.length, 1, `${pod} has one policy`);
        assert.deepEqual(applying[0].spec.policyTypes, ['Ingress', 'Egress']);
      }
      for (const { metadata, spec } of policies) {
        for (const rule of spec.ingress ?? []) {
          assert.ok(rule.from?.length > 0, metadata.name);
          assert.ok(rule.ports?.length > 0, metadata.name);
        }
        for (const rule of spec.egress) {
          assert.ok(rule.to?.length > 0, metadata.name);
          assert.ok(rule.ports?.length > 0, metadata.name);
        }
      }
    });
  });
}

describe('the production values', { skip }, () => {
  test('make the operator fetch exactly the keys that the portal takes', () => {
    const objects = objectsOf('production');
    const [external] = ofKind(objects, 'ExternalSecret');
    const [{ spec }] = podsOf(ofKind(objects, 'Deployment'));
    const taken = spec.containers[0].env
      .map((/** @type {any} */ variable) => variable.valueFrom?.secretKeyRef)
      .filter(Boolean);
    assert.deepEqual(
      external.spec.data.map((/** @type {any} */ row) => row.secretKey).sort(),
      taken.map((/** @type {any} */ ref) => ref.key).sort(),
    );
    assert.ok(
      taken.every(
        (/** @type {any} */ ref) => ref.name === external.spec.target.name,
      ),
    );
    assert.ok(taken.some((/** @type {any} */ ref) => ref.key === 'CACHE_URL'));
  });

  test('let Prometheus find the port that it reads', () => {
    const objects = objectsOf('production');
    const [monitor] = ofKind(objects, 'ServiceMonitor');
    const [service] = ofKind(objects, 'Service');
    assert.ok(selects(monitor.spec.selector, service.metadata.labels));
    assert.ok(
      service.spec.ports.some(
        (/** @type {any} */ port) =>
          port.name === monitor.spec.endpoints[0].port,
      ),
    );
  });
});

describe('the chart refuses', { skip }, () => {
  /** @type {[string, string[], RegExp][]} */
  const refusals = [
    ['an image nobody named', ['image.repository='], /image\.repository/],
    ['an image without a version', ['image.tag=latest'], /latest|tag/],
    ['an address with a slash at the end', ['portal.url=https://a.b/'], /url/],
    ['a key that it does not know', ['replicas=3'], /replicas/],
    ['no Secret at all', ['secrets.existingSecret='], /existingSecret/],
    ['no database', ['postgresql.host='], /postgresql\.host/],
    [
      'a network policy that does not say where Argo CD is',
      ['networkPolicy.enabled=true', 'postgresql.bundled.enabled=true'],
      /networkPolicy\.egress\.argocd\.to/,
    ],
    [
      'a monitor without metrics',
      ['metrics.serviceMonitor.enabled=true'],
      /metrics\.enabled/,
    ],
    ['a container without a bound', ['resources.limits=null'], /limits/],
  ];
  for (const [what, values, words] of refusals) {
    test(what, () => {
      const { code, output } = render(
        'minimal',
        values.flatMap(value => ['--set', value]),
      );
      assert.notEqual(code, 0);
      assert.match(output, words);
    });
  }
});

describe('what the chart makes', { skip }, () => {
  const validator = skip
    ? { reason: String(skip) }
    : ensureGoTool({
        package: 'sigs.k8s.io/kubectl-validate',
        version: 'v0.0.4',
      });
  const CUSTOM = [
    {
      module: 'github.com/external-secrets/external-secrets',
      version: 'v1.3.2',
      file: 'config/crds/bases/external-secrets.io_externalsecrets.yaml',
    },
    {
      module: 'github.com/prometheus-operator/prometheus-operator',
      version: 'v0.85.0',
      file: 'example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml',
    },
  ];
  const folder = mkdtempSync(join(tmpdir(), 'slipway-chart-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** @param {string} manifests */
  function validate(manifests) {
    assert.ok('path' in validator);
    const file = join(folder, 'manifests.yaml');
    writeFileSync(file, manifests);
    try {
      execFileSync(validator.path, [file, '--local-crds', join(folder)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      return '';
    } catch (error) {
      const { stdout, stderr } = /** @type {any} */ (error);
      return `${stdout}${stderr}`;
    }
  }

  test('is what Kubernetes, External Secrets and the Prometheus Operator take', t => {
    if ('reason' in validator) {
      t.skip(validator.reason);
      return;
    }
    for (const { file, ...module } of CUSTOM) {
      const found = ensureGoModule(module);
      if ('reason' in found) {
        t.skip(found.reason);
        return;
      }
      copyFileSync(
        join(found.path, file),
        join(folder, file.split('/').at(-1) ?? ''),
      );
    }
    for (const name of CASES) {
      assert.equal(validate(render(name).manifests), '', name);
    }
    // The check itself can fail, for a kind of each origin
    const { manifests } = render('production');
    for (const [good, bad] of [
      ['maxSurge: 1', 'maxSurgery: 1'],
      ['creationPolicy: Owner', 'creationPolicy: Everybody'],
      ['path: /metrics', 'paths: /metrics'],
    ]) {
      assert.ok(manifests.includes(good));
      assert.notEqual(validate(manifests.replace(good, bad)), '', bad);
    }
  });
});

test('every value of the chart stands in its README, with its default', () => {
  const values = documentedValues(
    readFileSync(join(CHART, 'values.yaml'), 'utf8'),
  );
  assert.ok(values.length > 60);
  const readme = join(CHART, 'README.md');
  const text = readFileSync(readme, 'utf8');
  const squeeze = (/** @type {string} */ table) =>
    table.replace(/ +\|/g, ' |').replace(/-{3,}/g, '---');
  const table = valuesTable(values);
  if (process.env.SLIPWAY_UPDATE_DOCS) {
    writeFileSync(
      readme,
      text.replace(
        /(<!-- values -->\n\n)[\s\S]*?(\n\n<!-- \/values -->)/,
        (_, begin, end) => `${begin}${table}${end}`,
      ),
    );
    return;
  }
  assert.ok(
    squeeze(text).includes(squeeze(table)),
    'README.md is behind values.yaml: run this test with SLIPWAY_UPDATE_DOCS=1, then Prettier',
  );
});

test('every leaf of values.yaml is documented and has a place in the schema', () => {
  const values = parse(readFileSync(join(CHART, 'values.yaml'), 'utf8'));
  const schema = JSON.parse(
    readFileSync(join(CHART, 'values.schema.json'), 'utf8'),
  );
  const documented = documentedValues(
    readFileSync(join(CHART, 'values.yaml'), 'utf8'),
  ).map(({ key }) => key);
  /** @param {any} value @param {any} place @param {string} path */
  function walk(value, place, path) {
    assert.ok(place, `${path} has no place in values.schema.json`);
    if (documented.includes(path)) {
      return;
    }
    assert.ok(
      value && typeof value === 'object' && !Array.isArray(value),
      `${path} has no comment`,
    );
    for (const [key, child] of Object.entries(value)) {
      walk(child, place.properties?.[key], path ? `${path}.${key}` : key);
    }
  }
  walk(values, schema, '');
});

describe('the image', () => {
  const { validate, ValidationSeverity } = createRequire(
    join(ROOT, 'packages', 'backend', 'package.json'),
  )('dockerfile-utils');
  const text = readFileSync(
    join(ROOT, 'packages', 'backend', 'Dockerfile'),
    'utf8',
  );
  const ignored = readFileSync(join(ROOT, '.dockerignore'), 'utf8')
    .split('\n')
    .filter(line => line && !line.startsWith('#'));
  /** The text in stages, each with its instructions on one line. */
  const stages = text
    .replace(/\\\n\s*/g, '')
    .split(/^FROM /m)
    .slice(1)
    .map(stage => stage.split('\n').filter(line => !/^(#|$)/.test(line)));

  test('has a Dockerfile in which a linter finds nothing', () => {
    assert.deepEqual(
      validate(text, { deprecatedMaintainer: ValidationSeverity.ERROR }),
      [],
    );
    assert.notDeepEqual(validate(`${text}\nCOPPY a b`), [], 'the linter lints');
  });

  test('is made of files that are there, and that .dockerignore lets through', () => {
    const copied = stages.flatMap(stage =>
      stage.flatMap(line => {
        const match = /^COPY (?!--from)(.+) \S+$/.exec(line);
        return match ? match[1].split(' ') : [];
      }),
    );
    assert.ok(copied.includes('yarn.lock'));
    for (const path of copied) {
      assert.ok(existsSync(join(ROOT, path)), path);
      assert.ok(!ignored.includes(path), `${path} is ignored`);
    }
  });

  test('keeps secrets and what was built elsewhere out of the build', () => {
    for (const pattern of [
      '**/.env',
      '**/*.local.yaml',
      '**/credentials.json',
      '.git',
      '.slipway',
      '**/node_modules',
      '**/dist',
    ]) {
      assert.ok(ignored.includes(pattern), pattern);
    }
  });

  test('runs as somebody who is not root, from a pinned base, with no build tools', () => {
    const last = stages.at(-1) ?? [];
    assert.ok(last.some(line => /^USER 1000:1000$/.test(line)));
    assert.ok(!last.some(line => /^RUN /.test(line)));
    assert.ok(!last.some(line => /^COPY --chown/.test(line)));
    assert.match(text, /^ARG NODE_IMAGE=node:\d+\.\d+\.\d+-[a-z-]+$/m);
    assert.doesNotMatch(text, /^(ENV|ARG) .*(PASSWORD|SECRET|TOKEN)/m);
  });

  test('is built with the versions of Node and Yarn that the repository pins', () => {
    const toolchain = readFileSync(
      join(ROOT, 'scripts', 'slipway', 'toolchain.mjs'),
      'utf8',
    );
    const pin = (/** @type {string} */ name) =>
      new RegExp(`\\b${name}: '([\\d.]+)'`).exec(toolchain)?.[1];
    assert.match(text, new RegExp(`NODE_IMAGE=node:${pin('node')}-`));
    assert.match(text, new RegExp(`YARN_VERSION=${pin('yarn')}\n`));
  });

  test('is built by scripts that package.json has', () => {
    const { scripts } = JSON.parse(
      readFileSync(join(ROOT, 'package.json'), 'utf8'),
    );
    const run = [...text.matchAll(/yarn ([a-z][a-z:]*)/g)].map(
      match => match[1],
    );
    for (const script of run) {
      assert.ok(
        ['install', 'workspaces'].includes(script) || script in scripts,
        script,
      );
    }
    assert.match(text, /yarn install --immutable/);
    assert.match(text, /yarn workspaces focus --all --production/);
  });
});

/**
 * Every example of every command, in an order in which they work, with what has to be there first.
 * A line is run by a shell unless it is one plain command; `=> N` is the exit status it claims (`N or M`:
 * what else runs on the machine decides),
 * `=> never: REASON` stands behind an example that no test can run.
 */
export const chapters: Readonly<Record<string, string>> = {
  'of a cluster that starts': `
    iggyctl cluster up --detach --ephemeral --port-base 0 --json
    iggyctl cluster up => never: stays in the foreground
    iggyctl cluster up test -n 5 --set cluster.heartbeat_timeout=2s => never: stays in the foreground
    iggyctl login --store file
    iggyctl cluster wait
    iggyctl cluster wait --until healthy --until 'view>=0' --timeout 20s
    iggyctl cluster list
    iggyctl cluster list --prune --json
    iggyctl cluster status
    iggyctl cluster status dev --expect-nodes 3 --json
    iggyctl cluster health
    iggyctl cluster health --expect-nodes 3 --wait 10s --format nagios
    iggyctl cluster health --json
    iggyctl cluster metadata
    iggyctl cluster metadata --all-nodes --json
    iggyctl cluster inspect 0 --section state,timers
    iggyctl cluster inspect --section clients --diff 0,1,2
    iggyctl cluster inspect --json
    iggyctl cluster logs --tail 20
    iggyctl cluster logs 1 --grep view --json
    iggyctl cluster logs --json
    iggyctl cluster run -- env
    iggyctl cluster run -n 1 -- npm test => never: runs tests of somebody
  `,
  'of streams': `
    iggyctl stream create orders
    iggyctl stream create orders --if-not-exists --json
    iggyctl stream list
    iggyctl stream list --name "orders*" --sort messages_count:desc --json
    iggyctl stream create other
    iggyctl stream create third --json
    iggyctl stream delete third --yes --json
    iggyctl stream get orders
    iggyctl stream get 1 --json
    iggyctl topic create orders first --partitions 2
    iggyctl stream tree
    iggyctl stream tree --json
    iggyctl stream get orders --json
    iggyctl stream list --json
    iggyctl stream tree orders --depth 2
    iggyctl stream update 1 orders --dry-run
    iggyctl stream purge orders --dry-run
    iggyctl stream purge orders --yes
    iggyctl stream delete orders --dry-run
    iggyctl stream update orders orders-2026
    iggyctl stream create orders -q
    iggyctl stream delete orders --yes
  `,
  'of topics': `
    iggyctl stream create shop
    iggyctl topic create shop orders --partitions 3
    iggyctl topic create shop/orders --expiry 7d --if-not-exists
    iggyctl topic get shop orders
    iggyctl topic get shop/orders --json
    iggyctl topic list shop
    iggyctl topic list --all --json
    iggyctl topic update shop orders --expiry 7d
    iggyctl topic copy shop orders orders-test
    iggyctl stream create archive
    iggyctl topic copy shop/orders archive/orders --if-not-exists
    iggyctl topic update shop/orders --name orders-2026 --max-size 10GB
    iggyctl topic create shop orders
    iggyctl topic purge shop/orders --dry-run
    iggyctl topic purge shop orders --yes
    iggyctl topic delete shop/orders --dry-run
    iggyctl topic delete shop orders --yes
  `,
  'of partitions and segments': `
    iggyctl topic create shop orders --partitions 2
    iggyctl partition create shop orders 2
    iggyctl partition create shop/orders 1 --dry-run
    iggyctl partition list shop orders
    iggyctl partition list shop/orders --json
    iggyctl partition delete shop/orders 1 --dry-run
    iggyctl partition delete shop orders 2 --yes
    iggyctl segment delete shop/orders/0 1 --dry-run
    iggyctl segment delete shop orders 0 2 --yes
  `,
  'of messages': `
    iggyctl message send shop orders "first" "second"
    seq 1 1000 | iggyctl message send shop/orders --partition 0
    iggyctl message send shop orders "order {{n}}" --template --repeat 10 --rate 50/s
    iggyctl message poll shop orders --first -n 3
    iggyctl message poll shop orders --first -n 3 --json
    iggyctl message send shop orders last -H kind=test --json
    iggyctl message poll shop orders --last --json
    iggyctl message poll shop/orders/0 --offset 100 --json
    iggyctl message poll shop orders --tail 5 --filter "payload ~ paid" --show headers
    iggyctl consumer-group create shop orders workers
    iggyctl message follow shop orders --from first --exit-at-end
    iggyctl message follow shop/orders -g workers --commit --json --idle-exit 1s
    iggyctl message count shop orders
    iggyctl message count shop/orders --by-partition
    iggyctl message count shop orders --json
    iggyctl message flush shop orders 0 --dry-run
    iggyctl message flush shop/orders/0 --fsync --dry-run
    iggyctl message export shop orders --out orders.ndjson
    iggyctl message export shop orders --out more.ndjson --json
    iggyctl message export shop/orders/0 --format iggy --out orders.bin --from -1h
    iggyctl topic create shop copy --partitions 2
    iggyctl message import shop copy --file orders.ndjson
    iggyctl message import shop copy --file orders.ndjson --json
    iggyctl message import shop/copy/0 --file orders.bin --format iggy
  `,
  'of groups and offsets': `
    iggyctl consumer-group delete shop orders workers --yes
    iggyctl consumer-group create shop orders workers
    iggyctl consumer-group create shop/orders workers --if-not-exists
    iggyctl consumer-group list shop orders
    iggyctl consumer-group list shop/orders --json
    iggyctl consumer-group get shop orders workers
    iggyctl consumer-group get shop/orders workers --json
    iggyctl consumer-group join shop orders workers
    iggyctl consumer-group join shop/orders workers --json
    iggyctl consumer-group leave shop orders workers --client-id 1f --dry-run
    iggyctl consumer-group leave shop/orders workers --client-id 0x1f --dry-run --json
    iggyctl consumer-group lag shop orders workers
    iggyctl consumer-group lag shop/orders workers --fail-above 1000 --json => 9
    iggyctl consumer-offset set billing shop orders 0 41
    iggyctl consumer-offset get billing shop orders 0
    iggyctl consumer-offset get billing shop orders 0 --json
    iggyctl consumer-offset get billing shop orders --json
    iggyctl consumer-offset set workers shop/orders/0 --to first -k consumer-group
    iggyctl consumer-offset get workers shop/orders -k consumer-group --json
    iggyctl consumer-offset delete billing shop orders 0 --yes
    iggyctl consumer-offset set workers shop/orders/0 5 -k consumer-group
    iggyctl consumer-offset delete workers shop/orders/0 -k consumer-group --yes
    iggyctl consumer-group delete shop/orders workers --dry-run
    iggyctl consumer-group delete shop orders workers --yes
  `,
  'of users': `
    echo hunter222 > bob.txt && chmod 600 bob.txt
    iggyctl user create bob --password-file bob.txt --global read_streams
    iggyctl user delete bob --yes
    iggyctl user create bob --generate-password --stream "shop:r_str#orders:s_msg"
    iggyctl user delete bob --yes
    iggyctl user create bob --password-file bob.txt
    iggyctl user get iggy
    iggyctl user get 0 --json
    iggyctl user list
    iggyctl user list --name "b*" --json
    iggyctl user permissions bob --global read_streams,send_messages
    iggyctl user permissions bob => 16
    iggyctl user permissions get bob
    iggyctl user permissions set bob --global read_streams,send_messages
    iggyctl user permissions clear bob --yes
    iggyctl user permissions set bob --stream "shop:read_stream#orders:poll_messages"
    iggyctl user permissions add bob --global send_messages
    iggyctl user permissions add bob --stream "shop#orders:poll_messages" --json
    iggyctl user can bob message.send shop/orders
    iggyctl user can bob stream.create --json => 6
    iggyctl user permissions get bob --json
    iggyctl user permissions remove bob --stream "shop:read_stream" --dry-run
    iggyctl user permissions remove bob --global send_messages --yes
    iggyctl user permissions clear bob --dry-run
    iggyctl user permissions clear bob --yes
    iggyctl user status bob inactive
    iggyctl user status bob active --json
    iggyctl user password bob => never: asks on a terminal
    printf 'hunter222\\nhunter333\\n' > passwords.txt
    iggyctl user password bob --stdin < passwords.txt
    iggyctl user rename 3 robert --dry-run
    iggyctl user rename bob robert
    iggyctl user create bob --password-file bob.txt
    iggyctl user delete bob --dry-run
    iggyctl user delete bob --yes
  `,
  'of tokens and logins': `
    iggyctl token create ci --expiry 30d --show
    iggyctl token create more --show --json
    iggyctl token create laptop --store file
    iggyctl token list
    iggyctl token list --json
    iggyctl token prune
    iggyctl token prune --json
    iggyctl token delete ci --yes
    iggyctl token delete ci --if-exists --yes
    iggyctl login --username iggy => never: asks for the password on a terminal
    echo iggy > secret.txt && chmod 600 secret.txt
    iggyctl login -u iggy --password-file secret.txt --expiry 8h
    iggyctl session show
    iggyctl session show --json
    iggyctl session show --offline --json
    iggyctl session register
    iggyctl session register --hold --json => never: stays open until Ctrl-C
    iggyctl session drop --client-id 0x2a
    iggyctl session drop --client-id 0x2a --json
    iggyctl session probe
    iggyctl session probe retransmit stale-session --json
    iggyctl whoami
    iggyctl whoami --json
    iggyctl me
    iggyctl me --json
    iggyctl logout
    iggyctl logout --json
    iggyctl logout --all --local-only
  `,
  'that look at a server': `
    iggyctl ping
    iggyctl ping --all-nodes --json
    iggyctl ping --count 3 --interval 100ms --all-nodes
    iggyctl stats
    iggyctl stats --json
    iggyctl top --once
    iggyctl top --once --json
    iggyctl options topic
    iggyctl options topic --json
    iggyctl snapshot
    iggyctl snapshot --out more.zip --json
    iggyctl snapshot --types all --out - > facts.zip
    iggyctl consumer-group create shop orders workers
    iggyctl client list
    iggyctl client list --json
    iggyctl client list --user iggy --group shop/orders/workers --json
    iggyctl client get 1 => never: ids of clients differ from one run to the next
    iggyctl client get 1 --json => never: ids of clients differ from one run to the next
    iggyctl version
    iggyctl version --json
    iggyctl errors --json
    iggyctl version --server --json
    iggyctl errors 1010
    iggyctl errors stream_name_not_found --json
    iggyctl completion bash
    mkdir -p ~/.zfunc
    iggyctl completion zsh > ~/.zfunc/_iggyctl
    iggyctl doctor
    iggyctl doctor --json
  `,
  'of requests and captures': `
    iggyctl request stream.create name=orders --dry-run
    iggyctl request stats --json
    iggyctl request list
    iggyctl request list --plane metadata --json
    iggyctl request describe stream.create
    iggyctl request describe 200 --json
    iggyctl request mutate ping --corrupt checksum
    iggyctl request mutate stream.create name=x --corrupt session --json
    iggyctl request raw frame.hex --seal
    iggyctl request raw frame.hex --json
    cat frame.bin frame.bin > two.bin
    iggyctl decode -f two.bin --json
    cat frame.bin | iggyctl request raw - --login --json
    iggyctl decode --framing request 0e0000000100000007000000000000006869
    iggyctl decode --framing response --json 28000000080000000700000000000000
    iggyctl stream create traced --trace traffic.pcap
    iggyctl stream delete traced --yes
    cp traffic.pcap before.pcap && cp traffic.pcap after.pcap && cp traffic.pcap a.pcap && cp traffic.pcap b.pcap
    iggyctl capture read traffic.pcap --filter "command=Request"
    iggyctl capture read traffic.pcap --json
    tcpdump -w - port 8090 | iggyctl capture read - => never: needs the right to listen, and does not end
    iggyctl capture stats traffic.pcap
    iggyctl capture stats traffic.pcap --json
    iggyctl capture diff before.pcap after.pcap
    iggyctl capture diff a.pcap b.pcap --filter "command=Request" --json
    iggyctl capture replay traffic.pcap --speed 0
    iggyctl stream delete traced --yes
    iggyctl capture replay traffic.pcap --speed 0 --json
    iggyctl stream delete traced --yes
    iggyctl capture replay traffic.pcap --server 127.0.0.1:9000 --json => never: names a port that is fixed
    iggyctl proxy --listen 127.0.0.1:9000 --write traffic.pcap => never: runs until Ctrl-C
    iggyctl proxy --target 127.0.0.1:8091 --delay 20ms --json => never: runs until Ctrl-C
  `,
  'that measure and check': `
    iggyctl bench pinned-producer --cluster-up 1 --duration 2s
    iggyctl bench pinned-producer --batches 10 --json
    iggyctl bench e2e --cluster-up 3 --batches 100 --fail-if 'p99>50ms' => never: judges the machine
    iggyctl smoke --cluster-up --tap
    iggyctl smoke --json
    iggyctl smoke all --list --json
    iggyctl smoke all --cluster-up 3 --junit smoke.xml => never: takes a minute
  `,
  'that break a cluster': `
    iggyctl cluster link --from 0 --to 1 --drop 0.3 --delay 20ms~10ms
    iggyctl cluster link --from 1 --to 0 --duplicate 0.1 --reorder 0.1
    iggyctl cluster heal
    iggyctl cluster link --from 0 --to 1 --drop 0.1 --json
    iggyctl cluster heal --json
    iggyctl cluster kill --primary --mode pause
    iggyctl cluster heal
    iggyctl cluster isolate --primary --for 100ms
    iggyctl cluster isolate --groups '0,1|2'
    iggyctl cluster heal
    iggyctl cluster wait --timeout 30s
    iggyctl cluster kill --backup
    iggyctl cluster restart --all
    iggyctl cluster wait --until converged --timeout 30s
    iggyctl cluster restart 2
    iggyctl cluster fault 1 --disk slow
    iggyctl cluster fault 1 --disk bitflip --target superblock
    iggyctl cluster heal 1 --restart
    iggyctl cluster restart 1 --wipe
    iggyctl cluster wait --until converged --timeout 30s
    iggyctl cluster step-down
    iggyctl cluster wait --until converged --timeout 30s
    iggyctl cluster step-down --to 0 --json
    iggyctl cluster restart --all --rolling
  `,
  'of contexts and configuration': `
    iggyctl context list
    iggyctl context list --json
    iggyctl context current
    iggyctl context current --json
    iggyctl context test
    iggyctl context test --all => 7 or 5
    iggyctl context test --json
    iggyctl context create prod --server broker.example:8090 --tls --use
    iggyctl context create staging --from prod --server staging.example:8090
    iggyctl context use local-dev
    iggyctl context use -
    iggyctl context show
    iggyctl context show --json
    iggyctl context show prod --origin --json
    iggyctl context show prod --origin
    iggyctl context set prod timeout=10s
    iggyctl context set prod tls.enabled=true auth.password=env://PROD_PASSWORD
    iggyctl context unset prod timeout
    iggyctl context unset prod tls.ca tls.server_name
    EDITOR=true iggyctl context edit
    VISUAL=true iggyctl context edit prod
    iggyctl context export prod
    iggyctl context export prod > prod.toml
    iggyctl context export prod --json
    iggyctl context copy prod production
    iggyctl context delete production --yes
    iggyctl context copy prod production --json
    iggyctl context delete production --yes
    iggyctl context rename prod production
    iggyctl context rename production prod
    iggyctl context rename prod production --json
    iggyctl context import prod.toml
    iggyctl context delete prod --yes
    iggyctl context import prod.toml
    iggyctl context delete prod --yes --json
    mkdir -p .iggy && printf '[old]\\ntcp_server_address = "127.0.0.1:8090"\\n' > .iggy/contexts.toml
    iggyctl context import --from-iggy
    iggyctl config get timeout
    iggyctl config get server --json
    iggyctl config path
    iggyctl config path --json
    iggyctl config set timeout 10s
    iggyctl config set output json
    iggyctl config set output table
    iggyctl config show
    iggyctl config show --json
    iggyctl config validate
    printf 'version = 1\\n' > config.toml
    iggyctl config validate ./config.toml
  `,
  'that read data directories': `
    iggyctl cluster up disk --detach --port-base 0 --data-dir data --set metadata.journal_slots=128
    iggyctl stream create s
    iggyctl topic create s t
    iggyctl message send s t --partition 0 one two three
    mkdir -p node-0/metadata && cp data/node-0/metadata/journal.wal node-0/metadata
    iggyctl inspect wal node-0/metadata/journal.wal
    iggyctl inspect wal node-0/metadata/journal.wal --op 7
    iggyctl inspect wal node-0/metadata/journal.wal --json
    iggyctl request stream.update stream_id=s name=s --repeat 140 -q
    iggyctl cluster wait disk --until converged
    iggyctl cluster down disk
    iggyctl context use local-dev
    cp -r data/node-* .
    cp node-0/streams/0/topics/0/partitions/0/00000000000000000000.* .
    iggyctl inspect dir node-0
    iggyctl inspect dir data --json
    iggyctl inspect superblock node-0/metadata
    iggyctl inspect superblock node-0/metadata/superblock.a --json
    iggyctl inspect snapshot node-0/metadata/snapshot.bin
    iggyctl inspect snapshot node-0 --dump
    iggyctl inspect snapshot node-0 --json
    iggyctl inspect segment 00000000000000000000.log
    iggyctl inspect segment 00000000000000000000.log --messages --json
    iggyctl inspect segment 00000000000000000000.log --json
    iggyctl inspect segment 00000000000000000000.log --messages --limit 10
    iggyctl inspect index 00000000000000000000.index
    iggyctl inspect index 00000000000000000000.index --json
    iggyctl inspect clients node-0
    iggyctl inspect clients node-0/metadata/snapshot.bin --json
    iggyctl inspect integrity node-0
    iggyctl inspect integrity data --json
    iggyctl inspect compare node-0 node-1 node-2
    iggyctl inspect compare data --json
    iggyctl inspect constants
    iggyctl inspect constants --json
    iggyctl segment list 0 0 0 --data-dir data/node-0
    iggyctl segment list 0/0/0 --data-dir data --json
  `,
  'of simulations': `
    iggyctl simulate run --seed 42 --ticks 20000 --crash-prob 0.01 => never: takes half a minute
    iggyctl simulate run --runs 300 --jobs 2 --profile crashy => never: takes minutes
    iggyctl simulate run --seed 42 --ticks 300 --replicas 3 --json --trace run.json
    cp run.json fail.json && cp run.json a.json && cp run.json b.json
    iggyctl simulate replay fail.json
    iggyctl simulate replay fail.json --json
    iggyctl simulate replay fail.json --break "kind=view && node=r1" --step => never: asks at every step
    iggyctl cluster up live -d --ephemeral --port-base 0 --no-context --record live.rec
    iggyctl cluster down live
    iggyctl simulate replay live.rec
    iggyctl simulate replay live.rec --json
    iggyctl simulate replay live.rec --until 500 --log short
    iggyctl simulate trace run.json --op 12 --format mermaid
    iggyctl simulate trace run.json --op 12 --json
    iggyctl simulate trace run.json --node 1
    iggyctl simulate trace run.json --format mermaid
    iggyctl simulate diff a.json b.json
    iggyctl simulate diff a.json b.json --json
    iggyctl simulate shrink fail.json --budget 5m => never: needs a run that fails
    iggyctl simulate shrink fail.json --json => never: needs a run that fails
  `,
  'that stop a cluster': `
    iggyctl cluster down
    iggyctl cluster up again --detach --ephemeral --port-base 0 --no-context --json
    iggyctl cluster down again --json
    iggyctl cluster up -d --ephemeral --port-base 0
    iggyctl cluster down --all --purge --yes
  `,
};

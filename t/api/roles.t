#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Who may call what: every route of docs/api.yaml is tried without a session
# and, if it is an administrator's, by those who are not.

use lib 't/lib';
use Chat;

use OpenAPI ();

my $t = Chat->new->start;

my $admin = $t->admin;
my %by = map { $_ => $t->operator(role => $_) } qw(agent supervisor);

my $visitor = $t->visitor;
$visitor->say('hello');

my $contract = OpenAPI->contract;
my %tried;

for my $path ($contract->paths) {
    my $item = $contract->{doc}{paths}{$path};

    for my $method (sort keys %$item) {
        my $concrete = $path =~ s/\{id\}/1/r =~ s{^/}{}r;
        my @request = (uc $method, $concrete,
                       $method eq 'get' ? () : (json => {}));

        my $open = grep { !%$_ } @{ $item->{$method}{security} };

        if (!$open) {
            my $res = $t->browser->request(@request);

            is($res->code, 401, "$method $path: not without a session");
            is($res->json->{type}, 'urn:ngx-chat:unauthenticated',
               'and is told so');
            $tried{session}++;
        }

        next if $path !~ m{^/admin/};

        for my $role (sort keys %by) {
            my $res = $by{$role}->request(@request);

            is($res->code, 403, "$method $path: not for $role");
            is($res->json->{type}, 'urn:ngx-chat:forbidden', 'and is told so');
            $tried{role}++;
        }
    }
}

cmp_ok($tried{session}, '>=', 24, 'all routes were tried');
cmp_ok($tried{role}, '>=', 8, 'all administrators\' routes were tried');

# an agent who is promoted may at once, and not any more after that

my $agent = $by{agent};

is($admin->patch('admin/operators/' . $agent->id, { role => 'admin' })->code,
   200, 'promoted');
ok(wait_for(sub { $agent->get('admin/operators')->code == 200 }, 5, 'may'),
   'may now');
is($admin->patch('admin/operators/' . $agent->id, { role => 'agent' })->code,
   200, 'and back');
ok(wait_for(sub { $agent->get('admin/operators')->code == 403 }, 5, 'may not'),
   'may not any more');

# in the database as well, whatever a worker still believed

is($agent->post('admin/operators', {
       login => 'sneaky', name => 'Sneaky', role => 'admin',
       password => 'a long password',
   })->code, 403, 'and makes no account');
is_deeply([$t->rows("SELECT 1 FROM operator WHERE login = 'sneaky'")], [],
          'there is none');

$t->done;

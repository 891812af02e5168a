from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0020_fewer_indexes'),
    ]

    operations = [
        # Counts of a minute that is over by the time this has run.
        migrations.DeleteModel(name='ApiAllowance'),
        migrations.CreateModel(
            name='ApiAllowance',
            fields=[
                ('caller', models.CharField(help_text='client:5 or user:3.', max_length=64, primary_key=True, serialize=False)),
                ('spent', models.FloatField(help_text='Calls, as of `counted_at`; they drain in a minute.')),
                ('counted_at', models.DateTimeField()),
                ('is_refused', models.BooleanField(help_text='Whether the newest call came too early.')),
                ('refusals', models.PositiveIntegerField(help_text='Since one was last put into the log.')),
                ('refusal_told_at', models.DateTimeField(help_text='When such a call was last put into the log.', null=True)),
            ],
            options={
                'verbose_name': 'API allowance',
            },
        ),
    ]
